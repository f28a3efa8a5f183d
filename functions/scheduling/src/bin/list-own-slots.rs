fn main() -> std::process::ExitCode {
    runtime::serve(&scheduling::list_own_slots::FUNCTION)
}
