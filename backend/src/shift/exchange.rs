//! Exchanges: a person asks a colleague to work their shift, perhaps for one of the colleague's; the colleague accepts, the lead
//! approves. Everything is asked again when it is approved, since days may lie between.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;

use super::plan::is_free;
use super::{ShiftRefused, can_work, own, tell};
use crate::change::{Actor, Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::id::{ExchangeId, PersonId, ShiftId};
use crate::domain::shift::{ExchangeState, ShiftState};
use crate::store::Error;
use crate::store::entity::{exchange, person, shift};

/// Most open exchanges that are read at once.
const MOST: u64 = 500;

/// The exchanges that wait for an answer, the first asked first.
///
/// # Errors
/// Any [`Error`].
pub async fn open(db: &impl ConnectionTrait) -> Result<Vec<exchange::Model>, Error> {
    Ok(exchange::Entity::find()
        // As a literal: bound values would hide the partial index from SQLite's planner.
        .filter(Expr::cust("\"state\" IN ('asked', 'accepted')"))
        .order_by_asc(exchange::Column::AskedAt)
        .limit(MOST)
        .all(db)
        .await?)
}

/// How many exchanges wait for this person's word: as who is asked, or as who plans. None whose shift has begun.
///
/// # Errors
/// Any [`Error`].
pub async fn waiting(db: &impl ConnectionTrait, person: PersonId, plans: bool, now: i64) -> Result<u64, Error> {
    let open = open(db).await?;
    let shifts: Vec<ShiftId> = open
        .iter()
        .filter(|row| match row.state {
            ExchangeState::Asked => row.asked_of == person,
            _ => plans && ![row.asked_by, row.asked_of].contains(&person),
        })
        .map(|row| row.shift_id)
        .collect();
    if shifts.is_empty() {
        return Ok(0);
    }
    let count = shift::Entity::find()
        .filter(shift::Column::Id.is_in(shifts))
        .filter(shift::Column::State.eq(ShiftState::Planned))
        .filter(shift::Column::StartsAt.gt(now));
    Ok(count.count(db).await?)
}

/// Asks a colleague to work a shift.
#[derive(Debug, Clone, Copy)]
pub struct AskExchange {
    /// Which shift.
    pub shift: ShiftId,
    /// Whose it is.
    pub by: PersonId,
    /// Who is asked.
    pub of: PersonId,
    /// A shift of theirs that is worked in return.
    pub in_return: Option<ShiftId>,
}

impl Step for AskExchange {
    type Out = exchange::Model;
    type Refusal = ShiftRefused;

    async fn run(&self, change: &mut Change) -> Result<exchange::Model, Failure<ShiftRefused>> {
        let row = own(to_come(change, self.shift).await?, self.by).map_err(Failure::Refused)?;
        if self.of == self.by {
            return Err(Failure::Refused(ShiftRefused::SecondPerson));
        }
        works(change, self.of, &row).await?;
        if let Some(other) = self.in_return {
            let other = own(to_come(change, other).await?, self.of).map_err(Failure::Refused)?;
            works(change, self.by, &other).await?;
        }
        if open(change.read()).await?.iter().any(|open| open.shift_id == row.id) {
            return Err(Failure::Refused(ShiftRefused::Exchanging));
        }
        let asked = exchange::Model {
            id: change.id(),
            shift_id: row.id,
            asked_by: self.by,
            asked_of: self.of,
            in_return: self.in_return,
            state: ExchangeState::Asked,
            asked_at: change.now_ms(),
            answered_at: None,
            decided_by: None,
            decided_at: None,
        };
        change.later(&exchange::Entity::insert(asked.clone().into_active_model()));
        say(change, &row, &asked, self.by);
        Ok(asked)
    }
}

/// What somebody says to an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// The colleague would.
    Accept,
    /// The colleague would not.
    Decline,
    /// The lead approves.
    Approve,
    /// The lead does not.
    Refuse,
    /// Who asked no longer asks.
    Withdraw,
}

impl Said {
    /// The word of an address.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "accept" => Self::Accept,
            "decline" => Self::Decline,
            "approve" => Self::Approve,
            "refuse" => Self::Refuse,
            "withdraw" => Self::Withdraw,
            _ => return None,
        })
    }

    /// Whether it is the lead who says it.
    #[must_use]
    pub const fn is_the_leads(self) -> bool {
        matches!(self, Self::Approve | Self::Refuse)
    }

    const fn becomes(self) -> ExchangeState {
        match self {
            Self::Accept => ExchangeState::Accepted,
            Self::Decline => ExchangeState::Declined,
            Self::Approve => ExchangeState::Approved,
            Self::Refuse => ExchangeState::Refused,
            Self::Withdraw => ExchangeState::Withdrawn,
        }
    }
}

/// Answers an exchange.
#[derive(Debug, Clone, Copy)]
pub struct AnswerExchange {
    /// Which.
    pub exchange: ExchangeId,
    /// What is said.
    pub said: Said,
    /// By whom.
    pub by: PersonId,
}

impl Step for AnswerExchange {
    type Out = exchange::Model;
    type Refusal = ShiftRefused;

    async fn run(&self, change: &mut Change) -> Result<exchange::Model, Failure<ShiftRefused>> {
        let row = exchange::Entity::find_by_id(self.exchange).one(change.read()).await?;
        let mut row = row.ok_or(Failure::Refused(ShiftRefused::Absent))?;
        let (is_theirs, may_be) = match self.said {
            Said::Accept | Said::Decline => (row.asked_of == self.by, row.state == ExchangeState::Asked),
            Said::Withdraw => (row.asked_by == self.by, row.state.is_open()),
            Said::Approve | Said::Refuse => (true, row.state == ExchangeState::Accepted),
        };
        if !is_theirs {
            return Err(Failure::Refused(ShiftRefused::Absent));
        }
        if self.said.is_the_leads() && [row.asked_by, row.asked_of].contains(&self.by) {
            return Err(Failure::Refused(ShiftRefused::SecondPerson));
        }
        if !may_be {
            return Err(Failure::Refused(ShiftRefused::Answered(row.state)));
        }
        let mut shift = shift::Entity::find_by_id(row.shift_id)
            .one(change.read())
            .await?
            .ok_or(Failure::Refused(ShiftRefused::Absent))?;
        if self.said == Said::Approve {
            shift = carry_out(change, &row).await?;
        }
        row.state = self.said.becomes();
        let now = change.now_ms();
        if self.said.is_the_leads() {
            row.decided_by = Some(self.by);
            row.decided_at = Some(now);
        } else {
            row.answered_at = Some(now);
        }
        change
            .execute(
                &exchange::Entity::update_many()
                    .col_expr(exchange::Column::State, Expr::value(row.state))
                    .col_expr(exchange::Column::AnsweredAt, Expr::value(row.answered_at))
                    .col_expr(exchange::Column::DecidedBy, Expr::value(row.decided_by))
                    .col_expr(exchange::Column::DecidedAt, Expr::value(row.decided_at))
                    .filter(exchange::Column::Id.eq(row.id)),
            )
            .await?;
        say(change, &shift, &row, self.by);
        Ok(row)
    }
}

/// Gives each shift to the other; refuses before anything is written.
async fn carry_out(change: &mut Change, row: &exchange::Model) -> Result<shift::Model, Failure<ShiftRefused>> {
    let first = own(to_come(change, row.shift_id).await?, row.asked_by).map_err(Failure::Refused)?;
    works(change, row.asked_of, &first).await?;
    let second = match row.in_return {
        Some(id) => {
            let second = own(to_come(change, id).await?, row.asked_of).map_err(Failure::Refused)?;
            works(change, row.asked_by, &second).await?;
            Some(second)
        }
        None => None,
    };
    let returned = second.as_ref().map(|second| second.id);
    is_free(change, row.asked_of, (first.starts_at, first.ends_at), returned).await?;
    if let Some(second) = &second {
        is_free(change, row.asked_by, (second.starts_at, second.ends_at), Some(first.id)).await?;
        give(change, second, row.asked_by).await?;
    }
    give(change, &first, row.asked_of).await
}

async fn give(change: &mut Change, row: &shift::Model, to: PersonId) -> Result<shift::Model, Failure<ShiftRefused>> {
    let won = change
        .execute(
            &shift::Entity::update_many()
                .col_expr(shift::Column::PersonId, Expr::value(to))
                .filter(shift::Column::Id.eq(row.id))
                .filter(shift::Column::State.eq(ShiftState::Planned)),
        )
        .await?;
    if won == 0 {
        return Err(Failure::Refused(ShiftRefused::State(row.state)));
    }
    Ok(shift::Model {
        person_id: to,
        ..row.clone()
    })
}

/// A shift that everybody knows of and that has not begun.
async fn to_come(change: &Change, id: ShiftId) -> Result<Option<shift::Model>, Failure<ShiftRefused>> {
    let row = shift::Entity::find_by_id(id).one(change.read()).await?;
    let Some(row) = row.filter(|row| row.published_at.is_some()) else {
        return Ok(None);
    };
    if row.state != ShiftState::Planned {
        return Err(Failure::Refused(ShiftRefused::State(row.state)));
    }
    if row.starts_at <= change.now_ms() {
        return Err(Failure::Refused(ShiftRefused::Over));
    }
    Ok(Some(row))
}

async fn works(change: &Change, who: PersonId, row: &shift::Model) -> Result<(), Failure<ShiftRefused>> {
    let somebody = person::Entity::find_by_id(who).one(change.read()).await?;
    can_work(somebody.as_ref(), row.lane).map_err(Failure::Refused)
}

fn say(change: &mut Change, shift: &shift::Model, row: &exchange::Model, by: PersonId) {
    let data = json!({
        "what": "exchange", "exchange": row.id, "state": row.state, "tells": [row.asked_by, row.asked_of],
    });
    tell(change, EventKind::ShiftPlanned, shift, Actor::Person(by), data);
}
