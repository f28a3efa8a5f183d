fn main() -> std::process::ExitCode {
    runtime::serve(&people::change_user_role::FUNCTION)
}
