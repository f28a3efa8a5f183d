fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::delete_review_request::FUNCTION)
}
