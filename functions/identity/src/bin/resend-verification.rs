fn main() -> std::process::ExitCode {
    runtime::serve(&identity::resend_verification::FUNCTION)
}
