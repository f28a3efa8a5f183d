fn main() -> std::process::ExitCode {
    runtime::serve(&vitals::renew_vital_device_token::FUNCTION)
}
