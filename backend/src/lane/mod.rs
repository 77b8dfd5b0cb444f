//! 3. Lanes: in which order comments are served, who holds which, and for how long.

pub mod claim;
pub mod item;
pub mod order;
pub mod queue;
pub mod shelf;
