fn main() -> std::process::ExitCode {
    runtime::serve(&pharmacies::change_reservation_status::FUNCTION)
}
