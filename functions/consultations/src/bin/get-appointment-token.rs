fn main() -> std::process::ExitCode {
    runtime::serve(&consultations::get_appointment_token::FUNCTION)
}
