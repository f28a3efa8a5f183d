fn main() -> std::process::ExitCode {
    runtime::serve(&identity::reset_password::FUNCTION)
}
