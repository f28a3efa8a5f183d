fn main() -> std::process::ExitCode {
    runtime::serve(&people::find_doctors::FUNCTION)
}
