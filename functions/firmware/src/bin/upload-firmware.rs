fn main() -> std::process::ExitCode {
    runtime::serve(&firmware::upload_firmware::FUNCTION)
}
