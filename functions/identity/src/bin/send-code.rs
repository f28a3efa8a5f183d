fn main() -> std::process::ExitCode {
    runtime::serve(&identity::send_code::FUNCTION)
}
