fn main() -> std::process::ExitCode {
    runtime::serve(&vitals::get_vital_series::FUNCTION)
}
