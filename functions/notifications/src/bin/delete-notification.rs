fn main() -> std::process::ExitCode {
    runtime::serve(&notifications::delete_notification::FUNCTION)
}
