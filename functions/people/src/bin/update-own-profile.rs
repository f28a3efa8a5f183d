fn main() -> std::process::ExitCode {
    runtime::serve(&people::update_own_profile::FUNCTION)
}
