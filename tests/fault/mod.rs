//! Faults: power cuts, a database that is away or full, clocks that are wrong.

mod clock;
mod database_away;
mod disk_full;
mod kill;
mod load;
