fn main() -> std::process::ExitCode {
    runtime::serve(&people::get_family_profile::FUNCTION)
}
