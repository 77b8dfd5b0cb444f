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
        /// Planned, and its person is away: nobody works it.
        Absent = "absent",
    }
}

crate::words! {
    /// Why a person is away. Told to the person and to those who plan, to nobody else.
    pub enum AbsenceKind {
        /// Ill.
        Sick = "sick",
        /// Holiday, parental leave and the like.
        Leave = "leave",
    }
}

crate::words! {
    /// Where an exchange of shifts stands.
    pub enum ExchangeState {
        /// A colleague is asked.
        Asked = "asked",
        /// They would; the lead decides.
        Accepted = "accepted",
        /// They would not.
        Declined = "declined",
        /// The lead approved: the shift is the other's.
        Approved = "approved",
        /// The lead did not approve.
        Refused = "refused",
        /// Who asked no longer asks.
        Withdrawn = "withdrawn",
    }
}

impl ExchangeState {
    /// Whether anybody still has to answer.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Asked | Self::Accepted)
    }
}
