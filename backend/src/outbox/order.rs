//! What waits for what: of each comment only the oldest unfinished action leaves, and in each thread only the oldest answer.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};

use super::under_way;
use crate::app::App;
use crate::domain::decision::DecisionKind;
use crate::domain::id::{CommentId, OutboxId};
use crate::store::Error;
use crate::store::entity::{comment, decision, outbox};

/// One unfinished action and where it belongs.
type Waiting = (OutboxId, CommentId, String, Option<String>, String, DecisionKind);

/// Leaves out what has to wait for something older, whatever became of that so far.
///
/// # Errors
/// Any [`Error`].
pub(super) async fn first_in_line(app: &App, due: Vec<outbox::Model>) -> Result<Vec<outbox::Model>, Error> {
    if due.is_empty() {
        return Ok(due);
    }
    let connectors: BTreeSet<&str> = due.iter().map(|row| row.connector.as_str()).collect();
    let mut comments: HashMap<CommentId, OutboxId> = HashMap::new();
    let mut threads: HashMap<(String, String), OutboxId> = HashMap::new();
    let mut answers: HashMap<OutboxId, (String, String)> = HashMap::new();
    for (id, comment, connector, parent, external_id, kind) in unfinished(app, connectors).await? {
        let oldest = comments.entry(comment).or_insert(id);
        *oldest = id.min(*oldest);
        if kind == DecisionKind::Reply {
            let thread = (connector, parent.unwrap_or(external_id));
            let oldest = threads.entry(thread.clone()).or_insert(id);
            *oldest = id.min(*oldest);
            answers.insert(id, thread);
        }
    }
    let is_first = |row: &outbox::Model| {
        let of_comment = comments.get(&row.comment_id).is_none_or(|oldest| *oldest == row.id);
        let thread = answers.get(&row.id).and_then(|thread| threads.get(thread));
        of_comment && thread.is_none_or(|oldest| *oldest == row.id)
    };
    Ok(due.into_iter().filter(is_first).collect())
}

async fn unfinished(app: &App, connectors: BTreeSet<&str>) -> Result<Vec<Waiting>, Error> {
    let on = outbox::Entity::belongs_to(comment::Entity)
        .from(outbox::Column::CommentId)
        .to(comment::Column::Id)
        .into();
    let of = outbox::Entity::belongs_to(decision::Entity)
        .from(outbox::Column::DecisionId)
        .to(decision::Column::Id)
        .into();
    Ok(outbox::Entity::find()
        .select_only()
        .column(outbox::Column::Id)
        .column(outbox::Column::CommentId)
        .column(outbox::Column::Connector)
        .column(comment::Column::Parent)
        .column(comment::Column::ExternalId)
        .column(decision::Column::Kind)
        .join(JoinType::InnerJoin, on)
        .join(JoinType::InnerJoin, of)
        .filter(under_way())
        .filter(outbox::Column::Connector.is_in(connectors))
        .into_tuple()
        .all(app.db.reader())
        .await?)
}
