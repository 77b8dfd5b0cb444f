//! Klarsvar.
fn main() {}
