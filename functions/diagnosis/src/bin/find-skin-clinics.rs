fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::find_skin_clinics::FUNCTION)
}
