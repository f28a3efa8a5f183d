fn main() -> std::process::ExitCode {
    runtime::serve(&scheduling::change_appointment_status::FUNCTION)
}
