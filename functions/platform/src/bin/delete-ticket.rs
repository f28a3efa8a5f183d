fn main() -> std::process::ExitCode {
    runtime::serve(&platform::delete_ticket::FUNCTION)
}
