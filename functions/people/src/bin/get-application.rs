fn main() -> std::process::ExitCode {
    runtime::serve(&people::get_application::FUNCTION)
}
