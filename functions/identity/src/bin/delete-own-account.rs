fn main() -> std::process::ExitCode {
    runtime::serve(&identity::delete_own_account::FUNCTION)
}
