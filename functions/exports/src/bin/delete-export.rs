fn main() -> std::process::ExitCode {
    runtime::serve(&exports::delete_export::FUNCTION)
}
