fn main() -> std::process::ExitCode {
    runtime::serve(&platform::get_document::FUNCTION)
}
