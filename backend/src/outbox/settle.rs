//! Writing down what became of an action, with its events, in one change.

use std::time::Duration;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, UpdateMany};
use serde_json::json;

use super::{Way, comment as on_comment};
use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::connector::Action;
use crate::domain::decision::OutboxState;
use crate::domain::event::EventKind;
use crate::domain::outbox::{BY_HAND, OutboxMove};
use crate::domain::platform::ConnectorState;
use crate::store::Error;
use crate::store::entity::{comment, connector, outbox};

/// Longest message kept.
const LONGEST_MESSAGE: usize = 500;
/// Pauses while the database cannot take what became of a call. Afterwards the row is read back.
const PATIENCE: [u64; 6] = [200, 500, 1_000, 2_000, 4_000, 8_000];

/// Why it is so: a stable code, and words for staff.
#[derive(Debug, Clone)]
pub(super) struct Why {
    pub code: &'static str,
    message: String,
}

impl Why {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        let message: String = message.into();
        Self {
            code,
            message: message.chars().take(LONGEST_MESSAGE).collect(),
        }
    }
}

/// What became of an action.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// The platform has it.
    Delivered { external_id: Option<String> },
    /// Certainly not done; again at `due_at`.
    PutOff {
        why: Why,
        due_at: i64,
        /// Everything else of this connector waits as long.
        hold: bool,
        /// The account itself is in trouble.
        trouble: Option<ConnectorState>,
    },
    /// Not done, and not tried again.
    Failed {
        why: Why,
        /// The comment is no longer there.
        gone: bool,
    },
    /// Nobody knows; looked for from `read_at`.
    Lost { why: Why, read_at: i64 },
    /// Looked for and certainly not there.
    Absent { due_at: i64 },
    /// Could not be looked for now.
    ReadAgain { why: Why, read_at: i64 },
    /// Only a person can know, or do it.
    Asked { why: Why },
}

/// Writes it down. False when somebody else settled the row before.
#[derive(Debug, Clone)]
pub(super) struct Settle {
    row: outbox::Model,
    action: Option<Action>,
    account: String,
    outcome: Outcome,
}

impl Settle {
    pub(super) fn of(row: outbox::Model, way: Option<&Way<'_>>, outcome: Outcome) -> Self {
        Self {
            row,
            action: way.map(|way| way.action.clone()),
            account: way
                .map(|way| way.connected.account.external_id.clone())
                .unwrap_or_default(),
            outcome,
        }
    }
}

/// Settles, also when the database is away for a moment: what a call achieved is worth waiting for.
pub(super) async fn settle(app: &App, step: Settle) -> Result<(), Error> {
    let trouble = match &step.outcome {
        Outcome::PutOff { trouble, .. } => *trouble,
        _ => None,
    };
    let mut patience = PATIENCE.into_iter();
    loop {
        match app.writer.change(step.clone()).await {
            Ok(_) => {
                if let Some(state) = trouble {
                    app.connectors.set_state(&step.row.connector, state);
                    tracing::error!(connector = %step.row.connector, %state, "the platform refuses this account");
                }
                return Ok(());
            }
            Err(Failure::Refused(never)) => match never {},
            Err(Failure::Store(error)) => match patience.next() {
                Some(pause) if !app.stop.is_cancelled() => tokio::select! {
                    () = app.stop.cancelled() => {}
                    () = tokio::time::sleep(Duration::from_millis(pause)) => {}
                },
                _ => return Err(error),
            },
        }
    }
}

/// An action that cannot be read: it fails, so that a person sees it.
pub(super) async fn broken(app: &App, row: outbox::Model) -> Result<(), Error> {
    let outcome = Outcome::Failed {
        why: Why::new("invalid", "the stored action is not readable"),
        gone: false,
    };
    settle(app, Settle::of(row, None, outcome)).await
}

/// No connector can carry it out: a person does it on the platform and says so.
pub(super) async fn by_hand(app: &App, row: outbox::Model) -> Result<(), Error> {
    let outcome = Outcome::Asked {
        why: Why::new(BY_HAND, "this platform is not connected; do it there by hand"),
    };
    settle(app, Settle::of(row, None, outcome)).await
}

/// The conditional update of a move: wins only if the row is as it was seen, and in a state the move is legal from.
pub(super) fn moving(row: &outbox::Model, by: OutboxMove, now: i64) -> UpdateMany<outbox::Entity> {
    let (from, to): (Vec<OutboxState>, Vec<OutboxState>) = by.ways().unzip();
    let to = to.first().copied().unwrap_or(row.state);
    outbox::Entity::update_many()
        .col_expr(outbox::Column::State, Expr::value(to))
        .col_expr(outbox::Column::UpdatedAt, Expr::value(now))
        .filter(outbox::Column::Id.eq(row.id))
        .filter(outbox::Column::State.is_in(from))
        .filter(outbox::Column::Tries.eq(row.tries))
}

impl Step for Settle {
    type Out = bool;
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<bool, Failure<Self::Refusal>> {
        let now = change.now_ms();
        let moving = |by| moving(&self.row, by, now);
        let update = match &self.outcome {
            Outcome::Delivered { external_id } => {
                if let Some(taken) = self.taken(change, external_id.as_deref()).await? {
                    return Ok(taken);
                }
                // What the platform says it has, it has, whoever looked meanwhile.
                let known = OutboxMove::Deliver.ways().map(|(from, _)| from);
                outbox::Entity::update_many()
                    .col_expr(outbox::Column::State, Expr::value(OutboxState::Delivered))
                    .col_expr(outbox::Column::ExternalId, Expr::value(external_id.as_deref()))
                    .col_expr(outbox::Column::Code, Expr::value(None::<String>))
                    .col_expr(outbox::Column::Message, Expr::value(None::<String>))
                    .col_expr(outbox::Column::UpdatedAt, Expr::value(now))
                    .filter(outbox::Column::Id.eq(self.row.id))
                    .filter(outbox::Column::State.is_in(known))
            }
            Outcome::PutOff { why, due_at, .. } => because(moving(OutboxMove::PutOff), why, *due_at),
            Outcome::Failed { why, .. } => because(moving(OutboxMove::Refuse), why, now),
            Outcome::Lost { why, read_at } => because(moving(OutboxMove::Lose), why, *read_at),
            Outcome::Absent { due_at } => {
                moving(OutboxMove::FindAbsent).col_expr(outbox::Column::DueAt, Expr::value(*due_at))
            }
            Outcome::ReadAgain { why, read_at } => outbox::Entity::update_many()
                .col_expr(outbox::Column::DueAt, Expr::value(*read_at))
                .col_expr(outbox::Column::Message, Expr::value(why.message.as_str()))
                .filter(outbox::Column::Id.eq(self.row.id))
                .filter(outbox::Column::State.eq(OutboxState::Unknown))
                .filter(outbox::Column::Tries.eq(self.row.tries)),
            Outcome::Asked { why } => because(moving(OutboxMove::Ask), why, now),
        };
        if change.execute(&update).await? == 0 {
            return Ok(false);
        }
        self.tell(change).await?;
        Ok(true)
    }
}

fn because(update: UpdateMany<outbox::Entity>, why: &Why, due_at: i64) -> UpdateMany<outbox::Entity> {
    update
        .col_expr(outbox::Column::Code, Expr::value(why.code))
        .col_expr(outbox::Column::Message, Expr::value(why.message.as_str()))
        .col_expr(outbox::Column::DueAt, Expr::value(due_at))
}

impl Settle {
    /// A reply found by reading back may be the same text sent for another comment of the thread: then nobody can
    /// tell them apart, and a person is asked.
    async fn taken(&self, change: &mut Change, external_id: Option<&str>) -> Result<Option<bool>, Error> {
        let (OutboxState::Unknown, Some(external_id)) = (self.row.state, external_id) else {
            return Ok(None);
        };
        let other = outbox::Entity::find()
            .filter(outbox::Column::Connector.eq(&self.row.connector))
            .filter(outbox::Column::ExternalId.eq(external_id))
            .filter(outbox::Column::Id.ne(self.row.id))
            .one(change.read())
            .await?;
        if other.is_none() {
            return Ok(None);
        }
        let why = Why::new("asked", "the same text was sent to another comment of this thread");
        let ask = because(
            moving(&self.row, OutboxMove::Ask, change.now_ms()),
            &why,
            change.now_ms(),
        );
        let won = change.execute(&ask).await? == 1;
        if won && let Some(on) = self.comment(change).await? {
            self.failed(change, &on, "asked");
        }
        Ok(Some(won))
    }

    async fn comment(&self, change: &Change) -> Result<Option<comment::Model>, Error> {
        Ok(comment::Entity::find_by_id(self.row.comment_id)
            .one(change.read())
            .await?)
    }

    /// What the outcome means for the comment, the thread and the connector, and who is told.
    async fn tell(&self, change: &mut Change) -> Result<(), Error> {
        let on = self.comment(change).await?;
        match (&self.outcome, on) {
            (Outcome::Delivered { external_id }, Some(on)) => {
                let sent = on_comment::Delivered {
                    outbox: self.row.id,
                    decision: self.row.decision_id,
                    external_id: external_id.as_deref(),
                    action: self.action.as_ref(),
                    account: &self.account,
                };
                on_comment::delivered(change, on, &sent).await?;
            }
            (Outcome::Failed { why, gone }, Some(on)) => {
                self.failed(change, &on, why.code);
                if *gone {
                    on_comment::withdraw(change, on, "gone").await?;
                } else {
                    on_comment::reopen(change, on, self.row.decision_id, why.code).await?;
                }
            }
            (Outcome::Asked { why }, Some(on)) if why.code == BY_HAND => change.note(
                EventKind::CommentHandedOver,
                Some((on.id, on.lane)),
                Actor::Desk,
                json!({ "outbox": self.row.id, "decision": self.row.decision_id, "code": why.code }),
            ),
            (Outcome::Asked { why }, Some(on)) => self.failed(change, &on, why.code),
            (
                Outcome::PutOff {
                    why,
                    due_at,
                    hold,
                    trouble,
                },
                _,
            ) => {
                if *hold {
                    self.hold(change, *due_at).await?;
                }
                if let Some(state) = trouble {
                    self.connector(change, *state, why).await?;
                }
            }
            (Outcome::Lost { .. } | Outcome::Absent { .. } | Outcome::ReadAgain { .. }, _) | (_, None) => {}
        }
        Ok(())
    }

    fn failed(&self, change: &mut Change, on: &comment::Model, code: &str) {
        change.note(
            EventKind::CommentFailed,
            Some((on.id, on.lane)),
            Actor::Desk,
            json!({ "outbox": self.row.id, "decision": self.row.decision_id, "code": code }),
        );
    }

    async fn hold(&self, change: &mut Change, until: i64) -> Result<(), Error> {
        let hold = outbox::Entity::update_many()
            .col_expr(outbox::Column::DueAt, Expr::value(until))
            .filter(outbox::Column::Connector.eq(&self.row.connector))
            .filter(outbox::Column::State.eq(OutboxState::Pending))
            .filter(outbox::Column::DueAt.lt(until));
        change.execute(&hold).await.map(|_| ())
    }

    async fn connector(&self, change: &mut Change, state: ConnectorState, why: &Why) -> Result<(), Error> {
        let set = connector::Entity::update_many()
            .col_expr(connector::Column::State, Expr::value(state))
            .col_expr(connector::Column::LastError, Expr::value(why.message.as_str()))
            .filter(connector::Column::Name.eq(&self.row.connector));
        change.execute(&set).await?;
        change.note(
            EventKind::Connector,
            None,
            Actor::Desk,
            json!({ "connector": self.row.connector, "state": state, "code": why.code }),
        );
        Ok(())
    }
}
