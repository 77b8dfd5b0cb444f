//! Breaks at work: who is on one is not on duty, in any lane. What they have goes back; drafts stay.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::attend::started;
use super::{ShiftRefused, tell};
use crate::change::{Actor, Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::id::PersonId;
use crate::domain::shift::ShiftState;
use crate::lane::claim::give_back_all;
use crate::store::entity::shift;

/// Begins a break.
#[derive(Debug, Clone, Copy)]
pub struct StartBreak {
    /// Whose.
    pub person: PersonId,
}

/// Ends it.
#[derive(Debug, Clone, Copy)]
pub struct EndBreak {
    /// Whose.
    pub person: PersonId,
}

impl Step for StartBreak {
    type Out = Vec<shift::Model>;
    type Refusal = ShiftRefused;

    async fn run(&self, change: &mut Change) -> Result<Vec<shift::Model>, Failure<ShiftRefused>> {
        let on = on_shift(change, self.person).await?;
        if on.iter().any(|row| row.break_since.is_some()) {
            return Err(Failure::Refused(ShiftRefused::OnBreak));
        }
        let actor = Actor::Person(self.person);
        let given_back = give_back_all(change, self.person, None, actor, "break").await?.len();
        let now = change.now_ms();
        set(change, self.person, Some(now)).await?;
        for row in &on {
            tell(
                change,
                EventKind::BreakStarted,
                row,
                actor,
                json!({ "given_back": given_back }),
            );
        }
        Ok(on
            .into_iter()
            .map(|row| shift::Model {
                break_since: Some(now),
                ..row
            })
            .collect())
    }
}

impl Step for EndBreak {
    type Out = Vec<shift::Model>;
    type Refusal = ShiftRefused;

    async fn run(&self, change: &mut Change) -> Result<Vec<shift::Model>, Failure<ShiftRefused>> {
        let on = on_shift(change, self.person).await?;
        if on.iter().all(|row| row.break_since.is_none()) {
            return Err(Failure::Refused(ShiftRefused::NoBreak));
        }
        set(change, self.person, None).await?;
        for row in &on {
            let data = json!({ "since": row.break_since });
            tell(change, EventKind::BreakEnded, row, Actor::Person(self.person), data);
        }
        Ok(on
            .into_iter()
            .map(|row| shift::Model {
                break_since: None,
                ..row
            })
            .collect())
    }
}

async fn on_shift(change: &Change, person: PersonId) -> Result<Vec<shift::Model>, Failure<ShiftRefused>> {
    let on = started(change, person).await?;
    if on.is_empty() {
        return Err(Failure::Refused(ShiftRefused::NotOn));
    }
    Ok(on)
}

async fn set(change: &mut Change, person: PersonId, since: Option<i64>) -> Result<(), crate::store::Error> {
    change
        .execute(
            &shift::Entity::update_many()
                .col_expr(shift::Column::BreakSince, Expr::value(since))
                .filter(shift::Column::PersonId.eq(person))
                .filter(shift::Column::State.eq(ShiftState::Started)),
        )
        .await?;
    Ok(())
}
