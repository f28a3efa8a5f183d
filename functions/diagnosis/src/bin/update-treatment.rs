fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::update_treatment::FUNCTION)
}
