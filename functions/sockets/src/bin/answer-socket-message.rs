fn main() -> std::process::ExitCode {
    runtime::serve(&sockets::answer_socket_message::FUNCTION)
}
