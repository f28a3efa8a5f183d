fn main() -> std::process::ExitCode {
    runtime::serve(&vitals::get_vitals_chart::FUNCTION)
}
