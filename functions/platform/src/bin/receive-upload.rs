fn main() -> std::process::ExitCode {
    runtime::serve(&platform::receive_upload::FUNCTION)
}
