//! The trail: every event, for auditors. Events never hold comment text, so neither does this.

use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::change::Actor;
use crate::clock;
use crate::domain::event::EventKind;
use crate::domain::id::{CommentId, PersonId};
use crate::http::extract::{By, Desk, right};
use crate::http::problem::Problem;
use crate::lane::item::rfc3339;
use crate::store::entity::event;

/// What to look for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    person: Option<PersonId>,
    #[serde(default)]
    comment: Option<CommentId>,
    #[serde(default)]
    from: Option<DateTime<Utc>>,
    #[serde(default)]
    to: Option<DateTime<Utc>>,
    #[serde(default)]
    limit: Option<u64>,
    #[serde(default)]
    cursor: Option<i64>,
}

/// `GET /api/v1/audit?kind=&person=&comment=&from=&to=&limit=&cursor=`, newest first.
///
/// # Errors
/// 400 for a word that cannot be looked for.
pub async fn list(app: Desk, _by: By<right::ReadAudit>, ask: web::Query<Ask>) -> Result<HttpResponse, Problem> {
    let limit = ask.limit.unwrap_or(50).clamp(1, 200);
    let mut found = event::Entity::find().order_by_desc(event::Column::Seq);
    if let Some(word) = ask.kind.as_deref().filter(|word| !word.is_empty()) {
        let kind: EventKind = word.parse().map_err(|error| Problem::bad_input(format!("{error}.")))?;
        found = found.filter(event::Column::Kind.eq(kind));
    }
    if let Some(person) = ask.person {
        found = found.filter(event::Column::Actor.eq(Actor::Person(person).to_string()));
    }
    if let Some(comment) = ask.comment {
        found = found.filter(event::Column::CommentId.eq(comment));
    }
    if let Some(from) = ask.from {
        found = found.filter(event::Column::At.gte(clock::ms(from)));
    }
    if let Some(to) = ask.to {
        found = found.filter(event::Column::At.lt(clock::ms(to)));
    }
    if let Some(before) = ask.cursor {
        found = found.filter(event::Column::Seq.lt(before));
    }
    let rows = found.limit(limit).all(app.db.reader()).await?;
    let next = rows
        .last()
        .filter(|_| rows.len() as u64 == limit)
        .map(|row| row.seq.to_string());
    let events: Vec<Value> = rows.iter().map(|row| view(&app, row)).collect();
    Ok(HttpResponse::Ok().json(json!({ "events": events, "cursor": next })))
}

fn view(app: &App, row: &event::Model) -> Value {
    let data: Value = serde_json::from_str(&row.data).unwrap_or_default();
    json!({
        "seq": row.seq,
        "at": rfc3339(row.at),
        "type": row.kind,
        "comment": row.comment_id,
        "lane": row.lane,
        "by": by(app, row.actor.as_deref()),
        "data": data,
    })
}

/// Who did it. An auditor sees the name behind a pseudonym.
fn by(app: &App, stored: Option<&str>) -> Value {
    let stored = stored.unwrap_or("desk");
    let (kind, id) = stored.split_once(':').unwrap_or((stored, ""));
    let person = (kind == "person")
        .then(|| id.parse().ok().and_then(|id| app.people.find(id)))
        .flatten();
    match person {
        Some(person) => {
            json!({ "kind": kind, "id": id, "pseudonym": person.pseudonym, "name": person.name })
        }
        None if id.is_empty() => json!({ "kind": kind }),
        None => json!({ "kind": kind, "id": id }),
    }
}
