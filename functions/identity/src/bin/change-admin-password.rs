fn main() -> std::process::ExitCode {
    runtime::serve(&identity::change_admin_password::FUNCTION)
}
