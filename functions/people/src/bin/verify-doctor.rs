fn main() -> std::process::ExitCode {
    runtime::serve(&people::verify_doctor::FUNCTION)
}
