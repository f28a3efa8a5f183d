fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::list_dental_analyses::FUNCTION)
}
