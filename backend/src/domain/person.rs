//! Members of staff.

crate::words! {
    /// Whether a person may sign in.
    pub enum PersonState {
        /// May sign in.
        Active = "active",
        /// May not; kept because the audit trail names them.
        Disabled = "disabled",
    }
}
