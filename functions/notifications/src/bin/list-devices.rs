fn main() -> std::process::ExitCode {
    runtime::serve(&notifications::list_devices::FUNCTION)
}
