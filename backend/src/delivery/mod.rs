//! 1. Deliveries: stored raw, acknowledged, taken apart, known again.

pub mod accept;
pub mod arrival;
mod slot;
pub mod take_apart;
mod unheard;

#[cfg(test)]
mod tests;
