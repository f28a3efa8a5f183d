fn main() -> std::process::ExitCode {
    runtime::serve(&identity::verify_code::FUNCTION)
}
