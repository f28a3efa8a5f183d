fn main() -> std::process::ExitCode {
    runtime::serve(&records::delete_record_draft::FUNCTION)
}
