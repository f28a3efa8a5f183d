fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::rerun_prediction::FUNCTION)
}
