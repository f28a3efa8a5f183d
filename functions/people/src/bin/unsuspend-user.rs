fn main() -> std::process::ExitCode {
    runtime::serve(&people::unsuspend_user::FUNCTION)
}
