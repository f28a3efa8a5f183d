fn main() -> std::process::ExitCode {
    runtime::serve(&people::suspend_user::FUNCTION)
}
