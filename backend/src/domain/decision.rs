//! What a moderator can decide about a comment, and on which ground a comment may be hidden.

crate::words! {
    /// The kind of a decision.
    pub enum DecisionKind {
        /// Answer in public with an approved reply.
        Reply = "reply",
        /// Hide on the platform; the text is kept.
        Hide = "hide",
        /// Show again.
        Unhide = "unhide",
        /// Remove on the platform; the text is kept.
        Delete = "delete",
        /// Answer in private.
        PrivateReply = "private-reply",
        /// Like.
        Like = "like",
        /// No answer needed.
        Leave = "leave",
        /// Same as another comment.
        Duplicate = "duplicate",
        /// Lift to a supervisor.
        Escalate = "escalate",
    }
}

impl DecisionKind {
    /// Whether carrying it out needs the platform.
    #[must_use]
    pub const fn goes_out(self) -> bool {
        match self {
            Self::Reply | Self::Hide | Self::Unhide | Self::Delete | Self::PrivateReply | Self::Like => true,
            Self::Leave | Self::Duplicate | Self::Escalate => false,
        }
    }
}

crate::words! {
    /// The only grounds for hiding or deleting (codebook, section 7). Opinion is none of them.
    pub enum Ground {
        /// A threat.
        Threat = "threat",
        /// Hate against a group.
        Hate = "hate",
        /// Personal data.
        PersonalData = "personal-data",
        /// A child can be recognised.
        ChildRecognisable = "child-recognisable",
        /// Otherwise obviously unlawful.
        Illegal = "illegal",
        /// Selling, follow-for-follow.
        Spam = "spam",
        /// Phishing, help against a fee.
        Fraud = "fraud",
    }
}

crate::words! {
    /// Where an outgoing action stands.
    pub enum OutboxState {
        /// Waits for its time: undo window or back-off.
        Pending = "pending",
        /// Handed to the platform; the answer is not in.
        Sending = "sending",
        /// Handed over and no answer came: to be read back before anything is sent again.
        Unknown = "unknown",
        /// Nobody can know by reading back: a person is asked.
        Asked = "asked",
        /// The platform has it.
        Delivered = "delivered",
        /// The platform refused, or tries ran out.
        Failed = "failed",
        /// Undone by its maker before it left.
        Undone = "undone",
    }
}
