//! The program.

fn main() -> std::process::ExitCode {
    klarsvar::cli::run()
}
