//! The closed list of what can happen at the desk. An event is one numbered fact: pushed, replayed and audited.

crate::words! {
    /// The kind of an event. Those of the contract's stream first; the rest are kept for the audit trail only.
    pub enum EventKind {
        /// A comment entered its lane, or came back to it.
        CommentOpen = "comment.open",
        /// Its tags changed.
        CommentTagged = "comment.tagged",
        /// A moderator has it.
        CommentClaimed = "comment.claimed",
        /// It went back to its lane.
        CommentReleased = "comment.released",
        /// Somebody decided.
        CommentDecided = "comment.decided",
        /// Removed on the platform.
        CommentWithdrawn = "comment.withdrawn",
        /// The decision is carried out on the platform.
        CommentSent = "comment.sent",
        /// The platform refused, or nobody can know.
        CommentFailed = "comment.failed",
        /// A question to supervisors.
        EscalationOpened = "escalation.opened",
        /// Answered.
        EscalationResolved = "escalation.resolved",
        /// A person checked in.
        ShiftStarted = "shift.started",
        /// A person checked out.
        ShiftEnded = "shift.ended",
        /// Figures of the load wall.
        Load = "load",
        /// Arrivals above what is expected.
        Wave = "wave",
        /// A connector's health changed.
        Connector = "connector",
        /// A template changed state.
        Template = "template",
        /// The desk cannot carry a decision out: a person is to do it.
        CommentHandedOver = "comment.handed-over",
        /// The author edited the text.
        CommentEdited = "comment.edited",
        /// Who wrote it became known.
        CommentNamed = "comment.named",
        /// Hidden or shown on the platform.
        CommentVisibility = "comment.visibility",
        /// A person asked to see a text that is heavy to read.
        CommentRevealed = "comment.revealed",
        /// A claim was prolonged.
        ClaimExtended = "claim.extended",
        /// A decision was undone in its window.
        DecisionUndone = "decision.undone",
        /// A person signed in.
        SignedIn = "session.started",
        /// A sign-in was refused.
        SignInRefused = "session.refused",
        /// A person signed out.
        SignedOut = "session.ended",
        /// A person was added, changed, disabled or reset.
        PersonChanged = "person.changed",
        /// An API token was made or withdrawn.
        TokenChanged = "token.changed",
        /// A shift was planned or changed.
        ShiftPlanned = "shift.planned",
        /// A person on shift began a break.
        BreakStarted = "break.started",
        /// They came back.
        BreakEnded = "break.ended",
        /// That a person is away was noted, or taken back.
        AbsenceChanged = "absence.changed",
        /// A campaign, ad or post changed.
        CampaignChanged = "campaign.changed",
        /// A person made one story of two.
        StoryMerged = "story.merged",
        /// A person made a story of comments of another.
        StorySplit = "story.split",
        /// A person gave a story a title, or took it away.
        StoryRenamed = "story.renamed",
        /// A pack was imported.
        PackImported = "pack.imported",
        /// A person's correction was kept as an example to learn from.
        ExampleKept = "example.kept",
        /// An example was taken back.
        ExampleTakenBack = "example.taken-back",
        /// A version of a narrative was written, tested, published or put aside.
        NarrativeChanged = "narrative.changed",
        /// A person tagged a comment before the machine's tags were shown.
        BlindAnswered = "blind.answered",
    }
}
