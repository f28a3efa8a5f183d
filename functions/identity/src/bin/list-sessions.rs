fn main() -> std::process::ExitCode {
    runtime::serve(&identity::list_sessions::FUNCTION)
}
