fn main() -> std::process::ExitCode {
    runtime::serve(&firmware::start_firmware_upload::FUNCTION)
}
