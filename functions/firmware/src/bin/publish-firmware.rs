fn main() -> std::process::ExitCode {
    runtime::serve(&firmware::publish_firmware::FUNCTION)
}
