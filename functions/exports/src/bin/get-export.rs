fn main() -> std::process::ExitCode {
    runtime::serve(&exports::get_export::FUNCTION)
}
