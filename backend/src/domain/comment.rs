//! The states of a comment and the one function that knows the legal moves.

crate::words! {
    /// Where a comment stands at the desk.
    pub enum CommentState {
        /// Waits in its lane.
        Open = "open",
        /// Leased to one moderator.
        Claimed = "claimed",
        /// Lifted to supervisors.
        Escalated = "escalated",
        /// Somebody decided what to do.
        Decided = "decided",
        /// Removed by its author or the platform; kept and marked.
        Withdrawn = "withdrawn",
    }
}

crate::words! {
    /// Whether the public can see a comment on its platform.
    pub enum Visibility {
        /// Everybody sees it.
        Visible = "visible",
        /// Hidden by the account.
        Hidden = "hidden",
    }
}

crate::words! {
    /// Whether the comment itself has reached the desk.
    pub enum Presence {
        /// It has.
        Known = "known",
        /// Only something about it has (a hide, a removal); the comment may still arrive.
        Awaited = "awaited",
    }
}

crate::words! {
    /// What happens to a comment and may move it.
    pub enum Move {
        /// A moderator takes it.
        Claim = "claim",
        /// It goes back: given back, lease ran out, shift ended.
        Release = "release",
        /// Its holder decided.
        Decide = "decide",
        /// Lifted to supervisors.
        Escalate = "escalate",
        /// A supervisor returned it to the lane.
        Return = "return",
        /// A supervisor took it over.
        TakeOver = "take-over",
        /// A supervisor decided the escalation.
        Resolve = "resolve",
        /// Back to the lane: the author edited or answered, or the platform refused, or the decision was undone.
        Reopen = "reopen",
        /// It turns out to be the account's own.
        Own = "own",
        /// Removed by its author or the platform.
        Withdraw = "withdraw",
    }
}

/// The move is not legal from the state the comment is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a comment that is {from} cannot {by}")]
pub struct IllegalMove {
    /// The state it is in.
    pub from: CommentState,
    /// The move asked for.
    pub by: Move,
}

impl CommentState {
    /// The state after `by`, or why not. Every path, single or bulk, page or API, goes through here.
    ///
    /// # Errors
    /// [`IllegalMove`] when the move is not one of `product.md`'s.
    pub fn after(self, by: Move) -> Result<Self, IllegalMove> {
        use CommentState::{Claimed, Decided, Escalated, Open, Withdrawn};
        match (self, by) {
            (Open, Move::Claim) | (Escalated, Move::TakeOver) => Ok(Claimed),
            (Claimed, Move::Release) | (Escalated, Move::Return) | (Decided, Move::Reopen) => Ok(Open),
            (Claimed, Move::Decide)
            | (Escalated, Move::Resolve)
            | (Open | Claimed | Escalated | Decided, Move::Own) => Ok(Decided),
            (Open | Claimed, Move::Escalate) => Ok(Escalated),
            (Open | Claimed | Escalated | Decided | Withdrawn, Move::Withdraw) => Ok(Withdrawn),
            (from, by) => Err(IllegalMove { from, by }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CommentState, Move};

    #[test]
    fn nothing_leaves_withdrawn() {
        for by in Move::ALL.iter().filter(|by| **by != Move::Withdraw) {
            assert!(CommentState::Withdrawn.after(*by).is_err(), "{by}");
        }
    }

    #[test]
    fn only_an_open_comment_can_be_claimed() {
        for from in CommentState::ALL {
            assert_eq!(from.after(Move::Claim).is_ok(), *from == CommentState::Open, "{from}");
        }
    }

    #[test]
    fn only_a_holder_or_a_supervisor_decides() {
        for from in CommentState::ALL {
            assert_eq!(
                from.after(Move::Decide).is_ok(),
                *from == CommentState::Claimed,
                "{from}"
            );
            assert_eq!(
                from.after(Move::Resolve).is_ok(),
                *from == CommentState::Escalated,
                "{from}"
            );
        }
    }
}
