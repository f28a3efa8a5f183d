fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::list_treatments::FUNCTION)
}
