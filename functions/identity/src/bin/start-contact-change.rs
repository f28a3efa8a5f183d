fn main() -> std::process::ExitCode {
    runtime::serve(&identity::start_contact_change::FUNCTION)
}
