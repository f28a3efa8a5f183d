fn main() -> std::process::ExitCode {
    runtime::serve(&firmware::enroll_device::FUNCTION)
}
