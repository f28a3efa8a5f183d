fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::check_symptoms::FUNCTION)
}
