fn main() -> std::process::ExitCode {
    runtime::serve(&records::amend_record::FUNCTION)
}
