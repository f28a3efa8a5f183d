fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::ask_for_consultation::FUNCTION)
}
