fn main() -> std::process::ExitCode {
    runtime::serve(&scheduling::reschedule_appointment::FUNCTION)
}
