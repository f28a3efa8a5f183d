fn main() -> std::process::ExitCode {
    runtime::serve(&people::update_patient_profile::FUNCTION)
}
