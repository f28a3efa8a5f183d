fn main() -> std::process::ExitCode {
    runtime::serve(&identity::refresh_session::FUNCTION)
}
