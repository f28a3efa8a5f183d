fn main() -> std::process::ExitCode {
    runtime::serve(&firmware::get_firmware_upload::FUNCTION)
}
