//! Where a comment stands in its lane: urgent flags first, then SLA time left, then severity, then age.

use chrono::TimeDelta;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryOrder, Select};

use crate::domain::comment::CommentState;
use crate::domain::tag::{Class, Flag, Tags};
use crate::store::entity::comment;

/// The serving order, as the index `comment_serving` has it.
#[must_use]
pub fn serving(select: Select<comment::Entity>) -> Select<comment::Entity> {
    select
        .order_by_desc(comment::Column::Urgent)
        .order_by_asc(comment::Column::DueAt)
        .order_by_desc(comment::Column::Severity)
        .order_by_asc(comment::Column::OpenedAt)
        .order_by_asc(comment::Column::Id)
}

/// `state = 'open'` as a literal: a bound value would hide the partial index from SQLite's planner.
#[must_use]
pub fn state_is(state: CommentState) -> sea_orm::sea_query::SimpleExpr {
    match state {
        CommentState::Open => Expr::cust("\"state\" = 'open'"),
        CommentState::Claimed => Expr::cust("\"state\" = 'claimed'"),
        CommentState::Escalated | CommentState::Decided | CommentState::Withdrawn => comment::Column::State.eq(state),
    }
}

/// How fast an answer is owed, per kind of comment. Proposals of the codebook (section 6), set by the authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sla {
    /// With an urgent flag.
    pub urgent: TimeDelta,
    /// A question or a request for help.
    pub asked: TimeDelta,
    /// Anything else.
    pub rest: TimeDelta,
}

impl Default for Sla {
    fn default() -> Self {
        Self {
            urgent: TimeDelta::minutes(15),
            asked: TimeDelta::minutes(60),
            rest: TimeDelta::minutes(240),
        }
    }
}

/// What decides the place in the lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Any urgent flag.
    pub urgent: bool,
    /// 0 (nothing in particular) to 3 (life or safety).
    pub severity: i32,
    /// Time from entering the lane until the answer is due.
    pub within: TimeDelta,
}

impl Place {
    /// When the answer is due, up to the full minute, so that severity and age decide among those of one minute.
    #[must_use]
    pub const fn due_at(&self, opened_at: i64) -> i64 {
        let due = opened_at + self.within.num_milliseconds();
        due.div_euclid(60_000) * 60_000 + if due.rem_euclid(60_000) == 0 { 0 } else { 60_000 }
    }
}

/// The place that a comment's tags give it.
#[must_use]
pub fn place(tags: &Tags, sla: &Sla) -> Place {
    let flagged = |flag: Flag| tags.flags.iter().any(|tag| tag.key == flag.as_str());
    let classed = |class: Class| tags.classes.iter().any(|tag| tag.key == class.as_str());
    let urgent = tags.is_urgent();
    let asked = classed(Class::QuestionAboutServices) || classed(Class::AsksForHelp);
    let severity = if flagged(Flag::ChildAtRisk) || flagged(Flag::SelfHarm) || flagged(Flag::ThreatToStaff) {
        3
    } else if urgent {
        2
    } else {
        i32::from(asked || !tags.narratives.is_empty())
    };
    let within = match (urgent, asked) {
        (true, _) => sla.urgent,
        (false, true) => sla.asked,
        (false, false) => sla.rest,
    };
    Place {
        urgent,
        severity,
        within,
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Sla};

    #[test]
    fn due_times_are_full_minutes_and_never_early() {
        let place = Place {
            urgent: false,
            severity: 0,
            within: Sla::default().asked,
        };
        for opened in [0, 1, 59_999, 60_000, 1_795_341_600_123] {
            let due = place.due_at(opened);
            assert_eq!(due % 60_000, 0);
            assert!((0..60_000).contains(&(due - opened - 3_600_000)), "{opened} {due}");
        }
    }
}
