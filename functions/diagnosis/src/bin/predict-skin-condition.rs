fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::predict_skin_condition::FUNCTION)
}
