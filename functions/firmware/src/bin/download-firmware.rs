fn main() -> std::process::ExitCode {
    runtime::serve(&firmware::download_firmware::FUNCTION)
}
