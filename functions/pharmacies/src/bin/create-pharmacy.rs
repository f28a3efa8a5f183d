fn main() -> std::process::ExitCode {
    runtime::serve(&pharmacies::create_pharmacy::FUNCTION)
}
