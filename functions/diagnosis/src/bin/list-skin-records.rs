fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::list_skin_records::FUNCTION)
}
