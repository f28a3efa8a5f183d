fn main() -> std::process::ExitCode {
    runtime::serve(&people::grant_access::FUNCTION)
}
