fn main() -> std::process::ExitCode {
    runtime::serve(&people::link_family_member::FUNCTION)
}
