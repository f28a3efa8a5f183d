fn main() -> std::process::ExitCode {
    runtime::serve(&notifications::list_notifications::FUNCTION)
}
