fn main() -> std::process::ExitCode {
    runtime::serve(&pharmacies::get_pharmacy::FUNCTION)
}
