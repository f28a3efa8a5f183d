fn main() -> std::process::ExitCode {
    runtime::serve(&identity::get_public_keys::FUNCTION)
}
