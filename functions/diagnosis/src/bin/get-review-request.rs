fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::get_review_request::FUNCTION)
}
