fn main() -> std::process::ExitCode {
    runtime::serve(&vitals::set_vital_settings::FUNCTION)
}
