fn main() -> std::process::ExitCode {
    runtime::serve(&people::get_patient_profile::FUNCTION)
}
