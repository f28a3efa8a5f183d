fn main() -> std::process::ExitCode {
    runtime::serve(&notifications::retry_errands::FUNCTION)
}
