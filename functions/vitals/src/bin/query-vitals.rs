fn main() -> std::process::ExitCode {
    runtime::serve(&vitals::query_vitals::FUNCTION)
}
