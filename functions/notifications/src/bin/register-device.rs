fn main() -> std::process::ExitCode {
    runtime::serve(&notifications::register_device::FUNCTION)
}
