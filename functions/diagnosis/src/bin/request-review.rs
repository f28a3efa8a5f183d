fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::request_review::FUNCTION)
}
