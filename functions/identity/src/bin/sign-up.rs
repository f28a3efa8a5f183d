fn main() -> std::process::ExitCode {
    runtime::serve(&identity::sign_up::FUNCTION)
}
