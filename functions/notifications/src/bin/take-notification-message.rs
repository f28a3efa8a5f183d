fn main() -> std::process::ExitCode {
    runtime::serve(&notifications::take_notification_message::FUNCTION)
}
