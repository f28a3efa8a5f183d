fn main() -> std::process::ExitCode {
    runtime::serve(&firmware::list_firmware_devices::FUNCTION)
}
