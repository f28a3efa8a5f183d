fn main() -> std::process::ExitCode {
    runtime::serve(&vitals::list_quarantined_readings::FUNCTION)
}
