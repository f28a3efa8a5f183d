fn main() -> std::process::ExitCode {
    runtime::serve(&identity::forgot_password::FUNCTION)
}
