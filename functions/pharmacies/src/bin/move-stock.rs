fn main() -> std::process::ExitCode {
    runtime::serve(&pharmacies::move_stock::FUNCTION)
}
