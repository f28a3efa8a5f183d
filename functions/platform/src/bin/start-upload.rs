fn main() -> std::process::ExitCode {
    runtime::serve(&platform::start_upload::FUNCTION)
}
