fn main() -> std::process::ExitCode {
    runtime::serve(&people::list_activity::FUNCTION)
}
