fn main() -> std::process::ExitCode {
    runtime::serve(&scheduling::list_patient_appointments::FUNCTION)
}
