fn main() -> std::process::ExitCode {
    runtime::serve(&firmware::revoke_device::FUNCTION)
}
