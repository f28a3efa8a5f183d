fn main() -> std::process::ExitCode {
    runtime::serve(&firmware::renew_device_token::FUNCTION)
}
