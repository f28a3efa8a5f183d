fn main() -> std::process::ExitCode {
    runtime::serve(&vitals::take_device_readings::FUNCTION)
}
