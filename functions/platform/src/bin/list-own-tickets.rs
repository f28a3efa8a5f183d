fn main() -> std::process::ExitCode {
    runtime::serve(&platform::list_own_tickets::FUNCTION)
}
