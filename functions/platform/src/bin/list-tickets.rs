fn main() -> std::process::ExitCode {
    runtime::serve(&platform::list_tickets::FUNCTION)
}
