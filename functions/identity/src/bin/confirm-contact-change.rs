fn main() -> std::process::ExitCode {
    runtime::serve(&identity::confirm_contact_change::FUNCTION)
}
