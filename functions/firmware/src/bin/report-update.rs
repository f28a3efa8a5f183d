fn main() -> std::process::ExitCode {
    runtime::serve(&firmware::report_update::FUNCTION)
}
