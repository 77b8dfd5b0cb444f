//! What people do with versions of narratives. Who publishes is never who wrote, and what is published was tested first.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::json;

use super::check::{Fault, check};
use super::narrative::{Narrative, Published};
use crate::change::{Actor, Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::id::{NarrativeVersionId, PersonId};
use crate::domain::narrative::NarrativeState;
use crate::store::Error;
use crate::store::entity::narrative_version;
use crate::tagging::codebook::Codebook;

/// Narratives of its own that a desk may have in use: the model has room for some more.
pub const MOST_OWN: usize = 12;

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NarrativeRefused {
    /// There is no such narrative or version.
    Absent,
    /// It cannot be written so.
    Unusable(Vec<Fault>),
    /// Only a draft can be tested, published or put aside.
    NotDraft(NarrativeState),
    /// Nobody has looked at what it would change.
    NotTested,
    /// Publishing needs another person than the one who wrote it.
    SecondPerson,
    /// The desk has as many narratives of its own as it can tell apart.
    TooMany,
}

/// Writes a draft; an earlier draft of the same narrative is put aside.
#[derive(Debug, Clone)]
pub struct WriteNarrative {
    /// As it is to be.
    pub narrative: Narrative,
    /// By whom.
    pub person: PersonId,
}

/// What is done to a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// Somebody saw what it would change.
    Test,
    /// The desk tags by it from now on.
    Publish,
    /// It is no longer wanted.
    PutAside,
}

/// Moves a version.
#[derive(Debug, Clone)]
pub struct MoveNarrative {
    /// Which.
    pub version: NarrativeVersionId,
    /// What is done.
    pub by: Move,
    /// By whom.
    pub person: PersonId,
}

/// Publishes an earlier text of a narrative anew.
#[derive(Debug, Clone)]
pub struct Revert {
    /// Of which narrative.
    pub narrative: String,
    /// To which published version; 0 for the text that was shipped.
    pub to: i32,
    /// By whom.
    pub person: PersonId,
}

impl Step for WriteNarrative {
    type Out = narrative_version::Model;
    type Refusal = NarrativeRefused;

    async fn run(&self, change: &mut Change) -> Result<Self::Out, Failure<NarrativeRefused>> {
        let faults = check(&self.narrative);
        if !faults.is_empty() {
            return Err(Failure::Refused(NarrativeRefused::Unusable(faults)));
        }
        let drafts: Vec<narrative_version::Model> = narrative_version::Entity::find()
            .filter(narrative_version::Column::Narrative.eq(self.narrative.key.as_str()))
            .filter(narrative_version::Column::State.eq(NarrativeState::Draft))
            .all(change.read())
            .await?;
        for draft in drafts {
            set_state(change, &draft, NarrativeState::PutAside, self.person).await?;
        }
        let row = row(change, &self.narrative, self.person).await?;
        change.later(&narrative_version::Entity::insert(row.clone().into_active_model()));
        tell(change, &row, self.person);
        Ok(row)
    }
}

impl Step for MoveNarrative {
    type Out = narrative_version::Model;
    type Refusal = NarrativeRefused;

    async fn run(&self, change: &mut Change) -> Result<Self::Out, Failure<NarrativeRefused>> {
        let row = narrative_version::Entity::find_by_id(self.version)
            .one(change.read())
            .await?;
        let mut row = row.ok_or(Failure::Refused(NarrativeRefused::Absent))?;
        if row.state != NarrativeState::Draft {
            return Err(Failure::Refused(NarrativeRefused::NotDraft(row.state)));
        }
        match self.by {
            Move::Test => {
                row.tested_at = Some(change.now_ms());
                let tested = narrative_version::Entity::update_many()
                    .col_expr(narrative_version::Column::TestedAt, Expr::value(row.tested_at))
                    .filter(narrative_version::Column::Id.eq(row.id));
                change.execute(&tested).await?;
                tell(change, &row, self.person);
            }
            Move::PutAside => row = set_state(change, &row, NarrativeState::PutAside, self.person).await?,
            Move::Publish => {
                if row.tested_at.is_none() {
                    return Err(Failure::Refused(NarrativeRefused::NotTested));
                }
                if row.written_by == self.person {
                    return Err(Failure::Refused(NarrativeRefused::SecondPerson));
                }
                if is_one_too_many(change, &Narrative::of(&row)).await? {
                    return Err(Failure::Refused(NarrativeRefused::TooMany));
                }
                row.published_by = Some(self.person);
                row.published_at = Some(change.now_ms());
                row = set_state(change, &row, NarrativeState::Published, self.person).await?;
            }
        }
        Ok(row)
    }
}

impl Step for Revert {
    type Out = narrative_version::Model;
    type Refusal = NarrativeRefused;

    async fn run(&self, change: &mut Change) -> Result<Self::Out, Failure<NarrativeRefused>> {
        let absent = || Failure::Refused(NarrativeRefused::Absent);
        let (narrative, writer) = if self.to == 0 {
            let entry = shipped(&self.narrative).ok_or_else(absent)?;
            (entry, self.person)
        } else {
            let earlier = narrative_version::Entity::find()
                .filter(narrative_version::Column::Narrative.eq(self.narrative.as_str()))
                .filter(narrative_version::Column::Version.eq(self.to))
                .filter(narrative_version::Column::State.eq(NarrativeState::Published))
                .one(change.read())
                .await?
                .ok_or_else(absent)?;
            (Narrative::of(&earlier), earlier.written_by)
        };
        if is_one_too_many(change, &narrative).await? {
            return Err(Failure::Refused(NarrativeRefused::TooMany));
        }
        // Two people stood behind this text before; taking it up again must not wait for a second one.
        let mut row = row(change, &narrative, writer).await?;
        row.state = NarrativeState::Published;
        row.published_by = Some(self.person);
        row.published_at = Some(change.now_ms());
        change.later(&narrative_version::Entity::insert(row.clone().into_active_model()));
        tell(change, &row, self.person);
        Ok(row)
    }
}

/// A narrative as it was shipped.
#[must_use]
pub fn shipped(key: &str) -> Option<Narrative> {
    let book = Codebook::shipped().ok()?;
    let entry = book.narratives.iter().find(|entry| entry.key == key)?;
    Some(Narrative::shipped(entry))
}

/// A new version of a narrative, as a draft.
async fn row(change: &mut Change, narrative: &Narrative, writer: PersonId) -> Result<narrative_version::Model, Error> {
    let newest = narrative_version::Entity::find()
        .filter(narrative_version::Column::Narrative.eq(narrative.key.as_str()))
        .order_by_desc(narrative_version::Column::Version)
        .one(change.read())
        .await?;
    Ok(narrative_version::Model {
        id: change.id(),
        narrative: narrative.key.clone(),
        version: newest.map_or(1, |newest| newest.version + 1),
        state: NarrativeState::Draft,
        titles: json!(narrative.titles).to_string(),
        definition: narrative.definition.clone(),
        phrases: json!(narrative.phrases).to_string(),
        hints: json!(narrative.hints).to_string(),
        examples: json!(narrative.examples).to_string(),
        counter_examples: json!(narrative.counter_examples).to_string(),
        retired: narrative.retired,
        written_by: writer,
        written_at: change.now_ms(),
        tested_at: None,
        published_by: None,
        published_at: None,
    })
}

async fn is_one_too_many(change: &Change, narrative: &Narrative) -> Result<bool, Error> {
    if narrative.retired || shipped(&narrative.key).is_some() {
        return Ok(false);
    }
    let published = Published::read(change.read()).await?;
    let own = published
        .narratives
        .values()
        .filter(|known| !known.retired && known.key != narrative.key && shipped(&known.key).is_none());
    Ok(own.count() >= MOST_OWN)
}

/// Moves a draft on, if nobody else did.
async fn set_state(
    change: &mut Change,
    row: &narrative_version::Model,
    state: NarrativeState,
    person: PersonId,
) -> Result<narrative_version::Model, Failure<NarrativeRefused>> {
    let won = change
        .execute(
            &narrative_version::Entity::update_many()
                .col_expr(narrative_version::Column::State, Expr::value(state))
                .col_expr(narrative_version::Column::PublishedBy, Expr::value(row.published_by))
                .col_expr(narrative_version::Column::PublishedAt, Expr::value(row.published_at))
                .filter(narrative_version::Column::Id.eq(row.id))
                .filter(narrative_version::Column::State.eq(NarrativeState::Draft)),
        )
        .await?;
    if won == 0 {
        return Err(Failure::Refused(NarrativeRefused::NotDraft(state)));
    }
    let row = narrative_version::Model { state, ..row.clone() };
    tell(change, &row, person);
    Ok(row)
}

fn tell(change: &mut Change, row: &narrative_version::Model, person: PersonId) {
    change.note(
        EventKind::NarrativeChanged,
        None,
        Actor::Person(person),
        json!({
            "narrative": row.narrative,
            "version": row.version,
            "version_id": row.id,
            "state": row.state,
            "tested": row.tested_at.is_some(),
            "retired": row.retired,
        }),
    );
}
