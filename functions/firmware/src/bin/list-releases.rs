fn main() -> std::process::ExitCode {
    runtime::serve(&firmware::list_releases::FUNCTION)
}
