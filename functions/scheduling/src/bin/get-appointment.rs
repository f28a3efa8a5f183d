fn main() -> std::process::ExitCode {
    runtime::serve(&scheduling::get_appointment::FUNCTION)
}
