fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::analyze_teeth::FUNCTION)
}
