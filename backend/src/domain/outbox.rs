//! An action on its way to a platform: the legal moves of [`OutboxState`], in one function.

use super::decision::OutboxState;

/// Code of an action that waits for a person to carry it out, rather than to say whether it arrived.
pub const BY_HAND: &str = "by-hand";

crate::words! {
    /// What happens to an action and may move it.
    pub enum OutboxMove {
        /// Its time has come and it is handed to the platform.
        Send = "send",
        /// The platform has it: it said so, it was found there, or a person says so.
        Deliver = "deliver",
        /// The platform certainly did not do it and may do it later.
        PutOff = "put-off",
        /// The platform will not do it, or tries ran out.
        Refuse = "refuse",
        /// Nobody knows what became of it.
        Lose = "lose",
        /// Reading back shows that it is certainly not there.
        FindAbsent = "find-absent",
        /// Reading back cannot tell, or nobody can do it but a person.
        Ask = "ask",
        /// A person says that it is not there.
        SayNotSent = "say-not-sent",
        /// A person who was to do it says that it cannot be done.
        GiveUp = "give-up",
        /// A person wants it tried once more.
        Retry = "retry",
        /// Its maker undid it.
        Undo = "undo",
    }
}

/// The move is not legal from the state the action is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an action that is {from} cannot {by}")]
pub struct IllegalOutboxMove {
    /// The state it is in.
    pub from: OutboxState,
    /// The move asked for.
    pub by: OutboxMove,
}

impl OutboxState {
    /// The state after `by`, or why not. There is no way from `unknown` or `asked` back to the platform but over
    /// somebody who looked.
    ///
    /// # Errors
    /// [`IllegalOutboxMove`].
    pub const fn after(self, by: OutboxMove) -> Result<Self, IllegalOutboxMove> {
        use OutboxState::{Asked, Delivered, Failed, Pending, Sending, Undone, Unknown};
        let legal = match by {
            OutboxMove::Send | OutboxMove::Undo => matches!(self, Pending),
            OutboxMove::Deliver => matches!(self, Sending | Unknown | Asked),
            OutboxMove::PutOff | OutboxMove::Lose => matches!(self, Sending),
            OutboxMove::Refuse => matches!(self, Pending | Sending | Unknown),
            OutboxMove::FindAbsent => matches!(self, Unknown),
            OutboxMove::Ask => matches!(self, Pending | Unknown),
            OutboxMove::SayNotSent | OutboxMove::GiveUp => matches!(self, Asked),
            OutboxMove::Retry => matches!(self, Failed),
        };
        let to = match by {
            OutboxMove::Send => Sending,
            OutboxMove::Deliver => Delivered,
            OutboxMove::PutOff | OutboxMove::FindAbsent | OutboxMove::SayNotSent | OutboxMove::Retry => Pending,
            OutboxMove::Refuse | OutboxMove::GiveUp => Failed,
            OutboxMove::Lose => Unknown,
            OutboxMove::Ask => Asked,
            OutboxMove::Undo => Undone,
        };
        if legal {
            Ok(to)
        } else {
            Err(IllegalOutboxMove { from: self, by })
        }
    }

    /// Whether the desk itself still has to do something about it.
    #[must_use]
    pub const fn is_under_way(self) -> bool {
        match self {
            Self::Pending | Self::Sending | Self::Unknown => true,
            Self::Asked | Self::Delivered | Self::Failed | Self::Undone => false,
        }
    }
}

impl OutboxMove {
    /// The states it is legal from, each with the state it leads to.
    pub fn ways(self) -> impl Iterator<Item = (OutboxState, OutboxState)> {
        OutboxState::ALL
            .iter()
            .filter_map(move |from| from.after(self).ok().map(|to| (*from, to)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_pending_action_is_sent_or_undone() {
        for (by, to) in [
            (OutboxMove::Send, OutboxState::Sending),
            (OutboxMove::Undo, OutboxState::Undone),
        ] {
            assert_eq!(by.ways().collect::<Vec<_>>(), [(OutboxState::Pending, to)]);
        }
    }

    #[test]
    fn the_unknown_comes_back_to_pending_only_over_somebody_who_looked() {
        for (state, looked) in [
            (OutboxState::Unknown, OutboxMove::FindAbsent),
            (OutboxState::Asked, OutboxMove::SayNotSent),
        ] {
            for by in OutboxMove::ALL {
                let back = state.after(*by) == Ok(OutboxState::Pending);
                assert_eq!(back, *by == looked, "{state} {by}");
            }
        }
    }

    #[test]
    fn nothing_leaves_delivered_or_undone() {
        for by in OutboxMove::ALL {
            assert!(OutboxState::Delivered.after(*by).is_err(), "{by}");
            assert!(OutboxState::Undone.after(*by).is_err(), "{by}");
        }
    }
}
