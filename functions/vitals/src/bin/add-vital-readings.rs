fn main() -> std::process::ExitCode {
    runtime::serve(&vitals::add_vital_readings::FUNCTION)
}
