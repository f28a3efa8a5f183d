fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::delete_treatment::FUNCTION)
}
