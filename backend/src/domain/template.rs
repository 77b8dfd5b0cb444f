//! Reply templates as controlled documents: states, and who may move them.

crate::words! {
    /// The language of one variant.
    pub enum Variant {
        /// Swedish.
        Sv = "sv",
        /// Arabic.
        Ar = "ar",
        /// English.
        En = "en",
    }
}

crate::words! {
    /// Where a version of a variant stands.
    pub enum TemplateState {
        /// Being written.
        Draft = "draft",
        /// Submitted: waits for another person's approval.
        Reviewed = "reviewed",
        /// May be sent.
        Approved = "approved",
        /// Pulled for now.
        Paused = "paused",
        /// Replaced or out of date, for good.
        Retired = "retired",
    }
}

crate::words! {
    /// What is done to a version.
    pub enum TemplateMove {
        /// Ask for approval.
        Submit = "submit",
        /// Approve; another person than the one who wrote it.
        Approve = "approve",
        /// Send back to its writer.
        SendBack = "send-back",
        /// Pull at once.
        Pause = "pause",
        /// Take into use again.
        Resume = "resume",
        /// Out of use for good.
        Retire = "retire",
    }
}

/// The move is not legal from the state the version is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a version that is {from} cannot {by}")]
pub struct IllegalTemplateMove {
    /// The state it is in.
    pub from: TemplateState,
    /// The move asked for.
    pub by: TemplateMove,
}

impl TemplateState {
    /// The state after `by`, or why not.
    ///
    /// # Errors
    /// [`IllegalTemplateMove`].
    pub fn after(self, by: TemplateMove) -> Result<Self, IllegalTemplateMove> {
        match (self, by) {
            (Self::Draft, TemplateMove::Submit) => Ok(Self::Reviewed),
            (Self::Reviewed, TemplateMove::Approve) | (Self::Paused, TemplateMove::Resume) => Ok(Self::Approved),
            (Self::Reviewed, TemplateMove::SendBack) => Ok(Self::Draft),
            (Self::Approved, TemplateMove::Pause) => Ok(Self::Paused),
            (Self::Draft | Self::Reviewed | Self::Approved | Self::Paused, TemplateMove::Retire) => Ok(Self::Retired),
            (from, by) => Err(IllegalTemplateMove { from, by }),
        }
    }
}
