fn main() -> std::process::ExitCode {
    runtime::serve(&firmware::get_enrolled_device::FUNCTION)
}
