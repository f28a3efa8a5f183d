fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::report_teeth::FUNCTION)
}
