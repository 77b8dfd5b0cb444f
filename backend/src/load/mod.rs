//! Load per lane, live: kept from committed events, so that reading it costs nothing however long the lanes are.

pub mod board;
