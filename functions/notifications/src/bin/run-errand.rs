fn main() -> std::process::ExitCode {
    runtime::serve(&notifications::run_errand::FUNCTION)
}
