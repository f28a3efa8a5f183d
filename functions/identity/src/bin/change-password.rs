fn main() -> std::process::ExitCode {
    runtime::serve(&identity::change_password::FUNCTION)
}
