//! The program.

/// A comment on its way makes some hundred small allocations on three threads; chosen for their cost, not yet measured
/// apart from the changes that came with it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    klarsvar::cli::run()
}
