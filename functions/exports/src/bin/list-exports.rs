fn main() -> std::process::ExitCode {
    runtime::serve(&exports::list_exports::FUNCTION)
}
