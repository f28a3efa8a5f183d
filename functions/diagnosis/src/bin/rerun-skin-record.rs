fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::rerun_skin_record::FUNCTION)
}
