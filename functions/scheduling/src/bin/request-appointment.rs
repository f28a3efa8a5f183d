fn main() -> std::process::ExitCode {
    runtime::serve(&scheduling::request_appointment::FUNCTION)
}
