fn main() -> std::process::ExitCode {
    runtime::serve(&scheduling::expire_holds::FUNCTION)
}
