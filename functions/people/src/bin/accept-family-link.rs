fn main() -> std::process::ExitCode {
    runtime::serve(&people::accept_family_link::FUNCTION)
}
