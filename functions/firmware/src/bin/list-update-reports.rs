fn main() -> std::process::ExitCode {
    runtime::serve(&firmware::list_update_reports::FUNCTION)
}
