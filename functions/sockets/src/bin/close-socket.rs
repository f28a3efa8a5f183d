fn main() -> std::process::ExitCode {
    runtime::serve(&sockets::close_socket::FUNCTION)
}
