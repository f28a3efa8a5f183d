fn main() -> std::process::ExitCode {
    runtime::serve(&consultations::admit_to_consultation::FUNCTION)
}
