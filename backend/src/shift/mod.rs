//! Shifts: planned and worked time of persons in lanes.

pub mod duty;
