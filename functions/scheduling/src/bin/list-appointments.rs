fn main() -> std::process::ExitCode {
    runtime::serve(&scheduling::list_appointments::FUNCTION)
}
