fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::submit_review::FUNCTION)
}
