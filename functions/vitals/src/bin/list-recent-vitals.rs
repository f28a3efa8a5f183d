fn main() -> std::process::ExitCode {
    runtime::serve(&vitals::list_recent_vitals::FUNCTION)
}
