fn main() -> std::process::ExitCode {
    runtime::serve(&people::add_evidence::FUNCTION)
}
