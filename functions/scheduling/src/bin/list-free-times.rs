fn main() -> std::process::ExitCode {
    runtime::serve(&scheduling::list_free_times::FUNCTION)
}
