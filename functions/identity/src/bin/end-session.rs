fn main() -> std::process::ExitCode {
    runtime::serve(&identity::end_session::FUNCTION)
}
