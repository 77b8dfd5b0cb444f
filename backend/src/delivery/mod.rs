//! 1. Deliveries: stored raw, acknowledged, taken apart, known again.

pub mod accept;
pub mod arrival;
mod slot;
pub mod take_apart;

#[cfg(test)]
mod tests;
