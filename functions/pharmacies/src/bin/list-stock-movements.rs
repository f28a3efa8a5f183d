fn main() -> std::process::ExitCode {
    runtime::serve(&pharmacies::list_stock_movements::FUNCTION)
}
