fn main() -> std::process::ExitCode {
    runtime::serve(&vitals::revoke_vital_device::FUNCTION)
}
