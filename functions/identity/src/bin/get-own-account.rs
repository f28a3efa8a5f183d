fn main() -> std::process::ExitCode {
    runtime::serve(&identity::get_own_account::FUNCTION)
}
