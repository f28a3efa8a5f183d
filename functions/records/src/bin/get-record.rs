fn main() -> std::process::ExitCode {
    runtime::serve(&records::get_record::FUNCTION)
}
