fn main() -> std::process::ExitCode {
    runtime::serve(&scheduling::send_reminders::FUNCTION)
}
