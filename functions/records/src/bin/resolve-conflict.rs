fn main() -> std::process::ExitCode {
    runtime::serve(&records::resolve_conflict::FUNCTION)
}
