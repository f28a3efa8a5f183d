fn main() -> std::process::ExitCode {
    runtime::serve(&vitals::register_vital_device::FUNCTION)
}
