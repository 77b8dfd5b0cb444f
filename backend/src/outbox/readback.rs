//! Looking whether an action whose outcome is unknown took effect. Nothing is sent again before this said "absent".

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::send::{tried_enough, waited_enough};
use super::settle::{Outcome, Settle, Why, moving, settle};
use super::{Way, Worked, retry};
use crate::change::{Change, Failure, Step};
use crate::clock;
use crate::connector::Readback;
use crate::domain::decision::OutboxState;
use crate::domain::outbox::OutboxMove;
use crate::store::Error;
use crate::store::entity::outbox;

/// Looks once.
pub(super) async fn read_back(way: &Way<'_>, row: outbox::Model, worked: &mut Worked) -> Result<(), Error> {
    let take = Look {
        abandoned_ms: way.abandoned_ms(),
        row,
    };
    let row = match way.app.writer.change(take).await {
        Ok(Some(row)) => row,
        Ok(None) => return Ok(()),
        Err(Failure::Store(error)) => return Err(error),
        Err(Failure::Refused(never)) => match never {},
    };
    worked.read += 1;
    let since = clock::from_ms(row.first_tried_at.unwrap_or(row.updated_at));
    let seen = way
        .bounded(way.protocol.read_back(&way.connected.account, way.action, since))
        .await;
    let seen = seen.unwrap_or_else(|| Readback::Later {
        message: "the platform did not answer in time".into(),
    });
    let outcome = match seen {
        Readback::Found { external_id } => Outcome::Delivered { external_id },
        Readback::Absent if tried_enough(way, &row) => Outcome::Failed {
            why: Why::new("no-answer", row.message.clone().unwrap_or_default()),
            gone: false,
        },
        Readback::Absent => Outcome::Absent { due_at: way.now_ms() },
        Readback::CannotTell { message } => Outcome::Asked {
            why: Why::new("asked", message),
        },
        Readback::Later { message } if waited_enough(way, &row) => Outcome::Asked {
            why: Why::new("asked", message),
        },
        Readback::Later { message } => Outcome::ReadAgain {
            why: Why::new("no-answer", message),
            read_at: way.now_ms() + retry::ms(retry::pause(&way.app.config.outbox, row.id, row.tries, None)),
        },
    };
    settle(way.app, Settle::of(row, Some(way), outcome)).await
}

/// Takes a row for looking, so that two passes do not look at once. A row left in `sending` by a crash becomes
/// `unknown` first.
struct Look {
    row: outbox::Model,
    abandoned_ms: i64,
}

impl Step for Look {
    type Out = Option<outbox::Model>;
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<Self::Out, Failure<Self::Refusal>> {
        let now = change.now_ms();
        if self.row.state == OutboxState::Sending {
            let lose = moving(&self.row, OutboxMove::Lose, now).filter(outbox::Column::DueAt.lte(now));
            if change.execute(&lose).await? == 0 {
                return Ok(None);
            }
        }
        let mut row = self.row.clone();
        row.state = OutboxState::Unknown;
        row.tries += 1;
        row.due_at = now + self.abandoned_ms;
        let take = outbox::Entity::update_many()
            .col_expr(outbox::Column::Tries, Expr::value(row.tries))
            .col_expr(outbox::Column::DueAt, Expr::value(row.due_at))
            .col_expr(outbox::Column::UpdatedAt, Expr::value(now))
            .filter(outbox::Column::Id.eq(row.id))
            .filter(outbox::Column::State.eq(OutboxState::Unknown))
            .filter(outbox::Column::Tries.eq(self.row.tries))
            .filter(outbox::Column::DueAt.lte(now));
        Ok((change.execute(&take).await? == 1).then_some(row))
    }
}
