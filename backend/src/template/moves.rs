//! What people do with template versions. The approver is never who wrote or submitted the text.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::json;

use super::check::{Fault, check};
use crate::campaign::material;
use crate::change::{Actor, Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::id::{PersonId, VersionId};
use crate::domain::template::{IllegalTemplateMove, TemplateMove, TemplateState, Variant};
use crate::store::Error;
use crate::store::entity::{template, template_version};

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateRefused {
    /// There is no such template or version.
    Absent,
    /// Not from the state it is in.
    Illegal(IllegalTemplateMove),
    /// Approving needs another person than the one who wrote or submitted it.
    SecondPerson,
    /// The text cannot be a template.
    Unusable(Vec<Fault>),
}

/// Moves one version.
#[derive(Debug, Clone)]
pub struct MoveVersion {
    /// Which.
    pub version: VersionId,
    /// What is done.
    pub by: TemplateMove,
    /// By whom.
    pub person: PersonId,
    /// On approval: the last day it may be sent, `YYYY-MM-DD`.
    pub expires_on: Option<chrono::NaiveDate>,
}

/// Writes a new version of one language.
#[derive(Debug, Clone)]
pub struct EditVariant {
    /// Key of the template.
    pub key: String,
    /// The language.
    pub variant: Variant,
    /// The new short text.
    pub short: String,
    /// The new long text.
    pub long: String,
    /// By whom.
    pub person: PersonId,
}

/// A version that was written, and what its approver should look at.
#[derive(Debug, Clone)]
pub struct Edited {
    /// The draft.
    pub version: template_version::Model,
    /// What does not block.
    pub warnings: Vec<Fault>,
}

impl Step for MoveVersion {
    type Out = template_version::Model;
    type Refusal = TemplateRefused;

    async fn run(&self, change: &mut Change) -> Result<Self::Out, Failure<TemplateRefused>> {
        let row = template_version::Entity::find_by_id(self.version)
            .one(change.read())
            .await?;
        let mut row = row.ok_or(Failure::Refused(TemplateRefused::Absent))?;
        let from = row.state;
        let to = from
            .after(self.by)
            .map_err(|illegal| Failure::Refused(TemplateRefused::Illegal(illegal)))?;
        let own = row.written_by == Some(self.person) || row.submitted_by == Some(self.person);
        if self.by == TemplateMove::Approve && own {
            return Err(Failure::Refused(TemplateRefused::SecondPerson));
        }
        row.state = to;
        self.sign(&mut row, change.now_ms());
        let won = change
            .execute(
                &template_version::Entity::update_many()
                    .col_expr(template_version::Column::State, Expr::value(row.state))
                    .col_expr(template_version::Column::SubmittedBy, Expr::value(row.submitted_by))
                    .col_expr(template_version::Column::SubmittedAt, Expr::value(row.submitted_at))
                    .col_expr(template_version::Column::ApprovedBy, Expr::value(row.approved_by))
                    .col_expr(template_version::Column::ApprovedAt, Expr::value(row.approved_at))
                    .col_expr(template_version::Column::ExpiresOn, Expr::value(row.expires_on.clone()))
                    .filter(template_version::Column::Id.eq(row.id))
                    .filter(template_version::Column::State.eq(from)),
            )
            .await?;
        if won == 0 {
            let illegal = IllegalTemplateMove { from, by: self.by };
            return Err(Failure::Refused(TemplateRefused::Illegal(illegal)));
        }
        if to == TemplateState::Approved {
            retire_others(
                change,
                &row,
                &[TemplateState::Approved, TemplateState::Paused],
                self.person,
            )
            .await?;
        }
        tell(change, &row, self.person);
        Ok(row)
    }
}

impl MoveVersion {
    fn sign(&self, row: &mut template_version::Model, now: i64) {
        match self.by {
            TemplateMove::Submit => {
                row.submitted_by = Some(self.person);
                row.submitted_at = Some(now);
            }
            TemplateMove::Approve => {
                row.approved_by = Some(self.person);
                row.approved_at = Some(now);
                row.expires_on = self.expires_on.map(|day| day.to_string());
            }
            TemplateMove::SendBack => {
                row.submitted_by = None;
                row.submitted_at = None;
            }
            TemplateMove::Pause | TemplateMove::Resume | TemplateMove::Retire => {}
        }
    }
}

impl Step for EditVariant {
    type Out = Edited;
    type Refusal = TemplateRefused;

    async fn run(&self, change: &mut Change) -> Result<Edited, Failure<TemplateRefused>> {
        let template = template::Entity::find_by_id(self.key.as_str())
            .one(change.read())
            .await?
            .ok_or(Failure::Refused(TemplateRefused::Absent))?;
        let mut slots: Vec<crate::pack::Slot> = serde_json::from_str(&template.placeholders).unwrap_or_default();
        slots.extend(material::slots(&material::in_use(change.read()).await?, self.variant));
        let answers: Vec<String> = serde_json::from_str(&template.answers).unwrap_or_default();
        let faults = check(&self.short, &self.long, &slots, &answers);
        if faults.iter().any(|fault| fault.code.blocks()) {
            return Err(Failure::Refused(TemplateRefused::Unusable(faults)));
        }
        let newest = template_version::Entity::find()
            .filter(template_version::Column::TemplateKey.eq(self.key.as_str()))
            .filter(template_version::Column::Variant.eq(self.variant))
            .order_by_desc(template_version::Column::Version)
            .one(change.read())
            .await?;
        let row = template_version::Model {
            id: change.id(),
            template_key: self.key.clone(),
            variant: self.variant,
            version: newest.map_or(1, |newest| newest.version + 1),
            short: self.short.clone(),
            long: self.long.clone(),
            state: TemplateState::Draft,
            written_by: Some(self.person),
            written_at: change.now_ms(),
            submitted_by: None,
            submitted_at: None,
            approved_by: None,
            approved_at: None,
            expires_on: None,
        };
        retire_others(change, &row, &[TemplateState::Draft], self.person).await?;
        change.later(&template_version::Entity::insert(row.clone().into_active_model()));
        tell(change, &row, self.person);
        Ok(Edited {
            version: row,
            warnings: faults,
        })
    }
}

/// Takes the versions that this one replaces out of use.
async fn retire_others(
    change: &mut Change,
    row: &template_version::Model,
    states: &[TemplateState],
    person: PersonId,
) -> Result<(), Error> {
    let replaced = template_version::Entity::find()
        .filter(template_version::Column::TemplateKey.eq(row.template_key.as_str()))
        .filter(template_version::Column::Variant.eq(row.variant))
        .filter(template_version::Column::State.is_in(states.iter().copied()))
        .filter(template_version::Column::Id.ne(row.id))
        .all(change.read())
        .await?;
    for mut old in replaced {
        let Ok(retired) = old.state.after(TemplateMove::Retire) else {
            continue;
        };
        change.later(
            &template_version::Entity::update_many()
                .col_expr(template_version::Column::State, Expr::value(retired))
                .filter(template_version::Column::Id.eq(old.id)),
        );
        old.state = retired;
        tell(change, &old, person);
    }
    Ok(())
}

fn tell(change: &mut Change, row: &template_version::Model, person: PersonId) {
    change.note(
        EventKind::Template,
        None,
        Actor::Person(person),
        json!({
            "key": row.template_key,
            "variant": row.variant,
            "version": row.version,
            "version_id": row.id,
            "state": row.state,
        }),
    );
}
