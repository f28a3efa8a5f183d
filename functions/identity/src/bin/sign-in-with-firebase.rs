fn main() -> std::process::ExitCode {
    runtime::serve(&identity::sign_in_with_firebase::FUNCTION)
}
