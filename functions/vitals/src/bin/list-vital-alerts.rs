fn main() -> std::process::ExitCode {
    runtime::serve(&vitals::list_vital_alerts::FUNCTION)
}
