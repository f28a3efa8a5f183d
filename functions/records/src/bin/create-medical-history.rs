fn main() -> std::process::ExitCode {
    runtime::serve(&records::create_medical_history::FUNCTION)
}
