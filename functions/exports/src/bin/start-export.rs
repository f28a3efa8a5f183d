fn main() -> std::process::ExitCode {
    runtime::serve(&exports::start_export::FUNCTION)
}
