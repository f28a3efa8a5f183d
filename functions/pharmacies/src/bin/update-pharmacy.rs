fn main() -> std::process::ExitCode {
    runtime::serve(&pharmacies::update_pharmacy::FUNCTION)
}
