//! What a moderator has typed and not sent. Belongs to the person; outlives the claim.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde::{Deserialize, Serialize};

use super::Refused;
use crate::app::App;
use crate::change::{Change, Failure, Step};
use crate::domain::comment::CommentState;
use crate::domain::id::{CommentId, PersonId, VersionId};
use crate::domain::template::Variant;
use crate::store::Error;
use crate::store::entity::{comment, draft};
use crate::template::Length;
use crate::template::fill::Slots;

/// A draft.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// The text as typed.
    pub text: String,
    /// Key of the template it began as.
    pub template: Option<String>,
    /// Its version.
    pub version: Option<VersionId>,
    /// Its language.
    pub variant: Option<Variant>,
    /// Which of its two texts.
    pub length: Option<Length>,
    /// What stands in its slots.
    pub slots: Slots,
    /// When it was begun, in milliseconds.
    pub started_at: i64,
}

/// Longest draft kept, in bytes.
pub const LONGEST: usize = 40_000;

/// Keeps a draft.
#[derive(Debug, Clone)]
pub struct SaveDraft {
    /// Of which comment.
    pub comment: CommentId,
    /// Whose.
    pub person: PersonId,
    /// What.
    pub draft: Draft,
}

/// Keeps what the holder of a comment has typed; when it was begun stays. Gives the instant of keeping.
///
/// # Errors
/// [`Refused::ClaimLost`] for anybody else.
pub async fn save(app: &App, comment: CommentId, person: PersonId, draft: Draft) -> Result<i64, Refused> {
    let step = SaveDraft { comment, person, draft };
    Ok(app.writer.change(step).await?)
}

/// A person's draft, also after the claim is gone.
///
/// # Errors
/// Any [`Error`].
pub async fn find(db: &impl ConnectionTrait, comment: CommentId, person: PersonId) -> Result<Option<Draft>, Error> {
    let row = draft::Entity::find_by_id((comment, person)).one(db).await?;
    Ok(row.and_then(|row| serde_json::from_str(&row.content).ok()))
}

impl Step for SaveDraft {
    type Out = i64;
    type Refusal = Refused;

    async fn run(&self, change: &mut Change) -> Result<i64, Failure<Refused>> {
        let row = comment::Entity::find_by_id(self.comment)
            .one(change.read())
            .await?
            .ok_or(Failure::Refused(Refused::Absent))?;
        if row.state != CommentState::Claimed || row.claimed_by != Some(self.person) {
            return Err(Failure::Refused(Refused::ClaimLost(row.claimed_by, row.state)));
        }
        if self.draft.text.len() > LONGEST || self.draft.text.contains('\0') {
            return Err(Failure::Refused(Refused::BadInput(
                "The draft is too long or holds U+0000.",
            )));
        }
        let now = change.now_ms();
        let begun = find(change.read(), self.comment, self.person).await?;
        let started_at = begun.map_or(now, |begun| begun.started_at);
        put(
            change,
            self.comment,
            self.person,
            &Draft {
                started_at,
                ..self.draft.clone()
            },
        );
        Ok(now)
    }
}

/// Writes a draft.
pub(super) fn put(change: &mut Change, comment: CommentId, person: PersonId, draft: &Draft) {
    let row = draft::Model {
        comment_id: comment,
        person_id: person,
        content: serde_json::to_string(draft).unwrap_or_default(),
        updated_at: change.now_ms(),
    };
    change.later(
        &draft::Entity::insert(row.into_active_model()).on_conflict(
            OnConflict::columns([draft::Column::CommentId, draft::Column::PersonId])
                .update_columns([draft::Column::Content, draft::Column::UpdatedAt])
                .to_owned(),
        ),
    );
}

/// Throws a draft away.
pub(super) fn drop(change: &mut Change, comment: CommentId, person: PersonId) {
    change.later(
        &draft::Entity::delete_many()
            .filter(draft::Column::CommentId.eq(comment))
            .filter(draft::Column::PersonId.eq(person)),
    );
}
