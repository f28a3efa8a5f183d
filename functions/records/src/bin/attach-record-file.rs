fn main() -> std::process::ExitCode {
    runtime::serve(&records::attach_record_file::FUNCTION)
}
