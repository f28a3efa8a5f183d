fn main() -> std::process::ExitCode {
    runtime::serve(&pharmacies::list_low_stock::FUNCTION)
}
