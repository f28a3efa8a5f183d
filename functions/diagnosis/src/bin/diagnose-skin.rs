fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::diagnose_skin::FUNCTION)
}
