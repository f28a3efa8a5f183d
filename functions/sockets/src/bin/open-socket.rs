fn main() -> std::process::ExitCode {
    runtime::serve(&sockets::open_socket::FUNCTION)
}
