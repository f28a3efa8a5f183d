fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::summarize_dental_health::FUNCTION)
}
