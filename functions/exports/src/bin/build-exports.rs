fn main() -> std::process::ExitCode {
    runtime::serve(&exports::build_exports::FUNCTION)
}
