fn main() -> std::process::ExitCode {
    runtime::serve(&identity::check_username::FUNCTION)
}
