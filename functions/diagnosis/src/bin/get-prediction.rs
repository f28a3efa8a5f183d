fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::get_prediction::FUNCTION)
}
