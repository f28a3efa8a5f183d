fn main() -> std::process::ExitCode {
    runtime::serve(&vitals::watch_vitals::FUNCTION)
}
