fn main() -> std::process::ExitCode {
    runtime::serve(&pharmacies::release_reservations::FUNCTION)
}
