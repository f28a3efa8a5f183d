fn main() -> std::process::ExitCode {
    runtime::serve(&scheduling::list_doctor_appointments::FUNCTION)
}
