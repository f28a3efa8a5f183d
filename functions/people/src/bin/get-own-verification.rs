fn main() -> std::process::ExitCode {
    runtime::serve(&people::get_own_verification::FUNCTION)
}
