fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::list_review_requests::FUNCTION)
}
