fn main() -> std::process::ExitCode {
    runtime::serve(&platform::complete_upload::FUNCTION)
}
