fn main() -> std::process::ExitCode {
    runtime::serve(&records::sign_record_draft::FUNCTION)
}
