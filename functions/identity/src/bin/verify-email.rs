fn main() -> std::process::ExitCode {
    runtime::serve(&identity::verify_email::FUNCTION)
}
