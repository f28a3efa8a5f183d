fn main() -> std::process::ExitCode {
    runtime::serve(&notifications::mark_notification_read::FUNCTION)
}
