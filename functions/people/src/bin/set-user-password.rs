fn main() -> std::process::ExitCode {
    runtime::serve(&people::set_user_password::FUNCTION)
}
