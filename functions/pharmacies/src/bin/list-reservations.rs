fn main() -> std::process::ExitCode {
    runtime::serve(&pharmacies::list_reservations::FUNCTION)
}
