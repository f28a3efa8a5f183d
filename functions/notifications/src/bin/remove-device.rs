fn main() -> std::process::ExitCode {
    runtime::serve(&notifications::remove_device::FUNCTION)
}
