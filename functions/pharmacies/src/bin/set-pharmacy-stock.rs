fn main() -> std::process::ExitCode {
    runtime::serve(&pharmacies::set_pharmacy_stock::FUNCTION)
}
