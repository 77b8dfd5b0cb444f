//! What the desk itself writes of a shift that ends: what its person would have to look up, as it stands at that instant.
//! Numbers and names of things only: no comment's text, no author.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use crate::domain::escalation::EscalationState;
use crate::domain::id::{CommentId, EscalationId, PersonId, WaveId};
use crate::domain::platform::Platform;
use crate::domain::template::{TemplateState, Variant};
use crate::store::Error;
use crate::store::entity::{comment, connector, draft, escalation, event, handover, shift};

/// Most of each that are named; all are counted.
const NAMED: usize = 20;
/// Most changes of templates that are looked at.
const CHANGES: u64 = 500;

/// What the desk knows of a lane when a shift ends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// How many comments went back to the lane.
    pub returned_count: usize,
    /// Which.
    pub returned: Vec<Returned>,
    /// How many questions about comments of the lane wait.
    pub escalations_count: u64,
    /// The first of them, the soonest due first.
    pub escalations: Vec<Asked>,
    /// Waves in the lane.
    pub waves: Vec<Rising>,
    /// Templates as they were changed during the shift, by their last change.
    pub templates: Vec<Changed>,
    /// Accounts of which the desk sees nothing.
    pub blind: Vec<Blind>,
    /// Nobody checked out: the desk wrote it at the bell.
    pub at_bell: bool,
}

/// A comment that went back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// Which.
    pub id: CommentId,
    /// Its number.
    pub number: i64,
    /// Whether its person had begun a reply; the draft is kept.
    pub draft: bool,
}

/// A question to supervisors that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Which.
    pub id: EscalationId,
    /// About which comment, by number.
    pub number: i64,
    /// When it is due, in milliseconds.
    pub due_at: i64,
}

/// A wave that is on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rising {
    /// Which.
    pub id: WaveId,
    /// Of which narrative.
    pub narrative: String,
    /// Since when, in milliseconds.
    pub since: i64,
}

/// A template that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Which.
    pub key: String,
    /// In which language.
    pub variant: Variant,
    /// Which version.
    pub version: i64,
    /// What it became.
    pub state: TemplateState,
}

/// An account of which the desk sees nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blind {
    /// Which.
    pub connector: String,
    /// On which platform.
    pub platform: Platform,
    /// Since when, in milliseconds.
    pub since: i64,
}

impl Facts {
    /// Those of a handover; none of one from before the desk wrote any.
    #[must_use]
    pub fn of(row: &handover::Model) -> Self {
        serde_json::from_str(&row.facts).unwrap_or_default()
    }

    /// Whether there is anything to read.
    #[must_use]
    pub fn says(&self) -> bool {
        self.escalations_count > 0
            || !(self.returned.is_empty()
                && self.waves.is_empty()
                && self.templates.is_empty()
                && self.blind.is_empty())
    }
}

/// Looks up what a shift leaves; `returned` are the comments it gave back.
///
/// # Errors
/// Any [`Error`].
pub async fn gather(
    db: &impl ConnectionTrait,
    row: &shift::Model,
    returned: &[comment::Model],
    at_bell: bool,
) -> Result<Facts, Error> {
    let (escalations_count, escalations) = asked(db, row).await?;
    let waves = crate::wave::note::open(db).await?;
    Ok(Facts {
        returned_count: returned.len(),
        returned: given_back(db, row.person_id, returned).await?,
        escalations_count,
        escalations,
        waves: waves
            .into_iter()
            .filter(|wave| wave.lane == row.lane)
            .map(|wave| Rising {
                id: wave.id,
                narrative: wave.narrative,
                since: wave.since,
            })
            .collect(),
        templates: changed(db, row.checked_in_at.unwrap_or(row.starts_at)).await?,
        blind: blind(db).await?,
        at_bell,
    })
}

async fn given_back(
    db: &impl ConnectionTrait,
    person: PersonId,
    rows: &[comment::Model],
) -> Result<Vec<Returned>, Error> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let drafts = draft::Entity::find()
        .filter(draft::Column::PersonId.eq(person))
        .filter(draft::Column::CommentId.is_in(rows.iter().map(|row| row.id)))
        .all(db)
        .await?;
    Ok(rows
        .iter()
        .map(|row| Returned {
            id: row.id,
            number: row.number,
            draft: drafts.iter().any(|draft| draft.comment_id == row.id),
        })
        .collect())
}

async fn asked(db: &impl ConnectionTrait, row: &shift::Model) -> Result<(u64, Vec<Asked>), Error> {
    let in_lane = Query::select()
        .column(comment::Column::Id)
        .from(comment::Entity)
        .and_where(comment::Column::Lane.eq(row.lane))
        .and_where(
            Expr::col((comment::Entity, comment::Column::Id))
                .eq(Expr::col((escalation::Entity, escalation::Column::CommentId))),
        )
        .to_owned();
    let open = escalation::Entity::find()
        .filter(escalation::Column::State.eq(EscalationState::Open))
        .filter(Expr::exists(in_lane));
    let count = open.clone().count(db).await?;
    let first = open
        .order_by_asc(escalation::Column::DueAt)
        .limit(NAMED as u64)
        .all(db)
        .await?;
    let about = comment::Entity::find()
        .filter(comment::Column::Id.is_in(first.iter().map(|one| one.comment_id)))
        .all(db)
        .await?;
    let number = |id: CommentId| {
        about
            .iter()
            .find(|comment| comment.id == id)
            .map(|comment| comment.number)
    };
    let asked = first.iter().filter_map(|one| {
        Some(Asked {
            id: one.id,
            number: number(one.comment_id)?,
            due_at: one.due_at,
        })
    });
    Ok((count, asked.collect()))
}

/// What an event tells of a template.
#[derive(Deserialize)]
struct Moved {
    key: String,
    variant: Variant,
    version: i64,
    state: TemplateState,
}

async fn changed(db: &impl ConnectionTrait, since: i64) -> Result<Vec<Changed>, Error> {
    let events = event::Entity::find()
        // As a literal: a bound value would hide the partial index from SQLite's planner.
        .filter(Expr::cust("\"kind\" = 'template'"))
        .filter(event::Column::At.gte(since))
        .order_by_asc(event::Column::At)
        .order_by_asc(event::Column::Seq)
        .limit(CHANGES)
        .all(db)
        .await?;
    let mut last: BTreeMap<(String, String), Changed> = BTreeMap::new();
    for moved in events
        .iter()
        .filter_map(|event| serde_json::from_str::<Moved>(&event.data).ok())
    {
        let change = Changed {
            key: moved.key,
            variant: moved.variant,
            version: moved.version,
            state: moved.state,
        };
        last.insert((change.key.clone(), change.variant.to_string()), change);
    }
    Ok(last.into_values().take(NAMED).collect())
}

async fn blind(db: &impl ConnectionTrait) -> Result<Vec<Blind>, Error> {
    let rows = connector::Entity::find()
        .filter(connector::Column::BlindSince.is_not_null())
        .order_by_asc(connector::Column::Name)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(Blind {
                connector: row.name,
                platform: row.platform,
                since: row.blind_since?,
            })
        })
        .collect())
}
