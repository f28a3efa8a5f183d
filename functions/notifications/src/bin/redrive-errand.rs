fn main() -> std::process::ExitCode {
    runtime::serve(&notifications::redrive_errand::FUNCTION)
}
