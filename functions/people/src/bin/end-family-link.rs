fn main() -> std::process::ExitCode {
    runtime::serve(&people::end_family_link::FUNCTION)
}
