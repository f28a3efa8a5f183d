fn main() -> std::process::ExitCode {
    runtime::serve(&people::set_own_picture::FUNCTION)
}
