//! Planned and worked time in a lane.

crate::words! {
    /// Where a shift stands.
    pub enum ShiftState {
        /// Planned.
        Planned = "planned",
        /// Its person is checked in.
        Started = "started",
        /// Checked out.
        Ended = "ended",
        /// Taken off the roster.
        Cancelled = "cancelled",
    }
}
