fn main() -> std::process::ExitCode {
    runtime::serve(&notifications::list_parked_errands::FUNCTION)
}
