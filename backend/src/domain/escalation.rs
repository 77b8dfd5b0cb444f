//! Questions to supervisors.

crate::words! {
    /// Where an escalation stands.
    pub enum EscalationState {
        /// Waits for a supervisor.
        Open = "open",
        /// Answered.
        Resolved = "resolved",
    }
}

crate::words! {
    /// How a supervisor answered.
    pub enum Resolution {
        /// The proposal is carried out as it is.
        Approve = "approve",
        /// Another decision is carried out.
        Change = "change",
        /// Back to the lane with advice.
        Return = "return",
        /// The supervisor works it.
        TakeOver = "take-over",
        /// The proposal is refused, with a reason.
        Overturn = "overturn",
    }
}
