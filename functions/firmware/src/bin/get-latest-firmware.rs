fn main() -> std::process::ExitCode {
    runtime::serve(&firmware::get_latest_firmware::FUNCTION)
}
