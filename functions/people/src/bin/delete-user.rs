fn main() -> std::process::ExitCode {
    runtime::serve(&people::delete_user::FUNCTION)
}
