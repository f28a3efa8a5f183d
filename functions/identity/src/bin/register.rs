fn main() -> std::process::ExitCode {
    runtime::serve(&identity::register::FUNCTION)
}
