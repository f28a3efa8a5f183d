fn main() -> std::process::ExitCode {
    runtime::serve(&scheduling::book_appointment::FUNCTION)
}
