fn main() -> std::process::ExitCode {
    runtime::serve(&records::create_prescription::FUNCTION)
}
