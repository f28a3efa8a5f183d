fn main() -> std::process::ExitCode {
    runtime::serve(&people::remove_own_picture::FUNCTION)
}
