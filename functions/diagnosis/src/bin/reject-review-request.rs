fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::reject_review_request::FUNCTION)
}
