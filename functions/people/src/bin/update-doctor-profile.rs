fn main() -> std::process::ExitCode {
    runtime::serve(&people::update_doctor_profile::FUNCTION)
}
