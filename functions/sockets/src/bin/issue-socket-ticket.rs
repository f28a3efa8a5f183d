fn main() -> std::process::ExitCode {
    runtime::serve(&sockets::issue_socket_ticket::FUNCTION)
}
