fn main() -> std::process::ExitCode {
    runtime::serve(&platform::open_ticket::FUNCTION)
}
