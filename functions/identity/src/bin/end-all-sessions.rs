fn main() -> std::process::ExitCode {
    runtime::serve(&identity::end_all_sessions::FUNCTION)
}
