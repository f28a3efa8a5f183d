fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::add_treatment::FUNCTION)
}
