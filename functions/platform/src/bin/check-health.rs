fn main() -> std::process::ExitCode {
    runtime::serve(&platform::check_health::FUNCTION)
}
