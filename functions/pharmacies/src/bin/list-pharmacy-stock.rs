fn main() -> std::process::ExitCode {
    runtime::serve(&pharmacies::list_pharmacy_stock::FUNCTION)
}
