//! Changing what a person is at the desk: roles, lanes, names.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use super::people::{Person, words};
use super::staff::{StaffRefused, keep_an_admin};
use crate::change::{Actor, Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::id::PersonId;
use crate::domain::lane::Lane;
use crate::domain::role::{Right, Role};
use crate::lane::claim::give_back_all;
use crate::shift::bell;
use crate::store::entity::person;

/// Changes a person. What is not given stays. Lanes the person can no longer work are left at once, with their claims.
#[derive(Debug, Clone)]
pub struct ChangePerson {
    /// Whom.
    pub person: PersonId,
    /// By whom.
    pub by: PersonId,
    /// Roles instead of the present ones.
    pub roles: Option<Vec<Role>>,
    /// Lanes instead of the present ones.
    pub lanes: Option<Vec<Lane>>,
    /// Real name.
    pub name: Option<String>,
    /// What colleagues and pages see.
    pub pseudonym: Option<String>,
}

impl Step for ChangePerson {
    type Out = person::Model;
    type Refusal = StaffRefused;

    async fn run(&self, change: &mut Change) -> Result<person::Model, Failure<StaffRefused>> {
        let row = person::Entity::find_by_id(self.person).one(change.read()).await?;
        let mut row = row.ok_or(Failure::Refused(StaffRefused::Absent))?;
        let loses_admin = words::<Role>(&row.roles).contains(&Role::Admin)
            && self.roles.as_ref().is_some_and(|roles| !roles.contains(&Role::Admin));
        if loses_admin {
            keep_an_admin(change, row.id).await?;
        }
        if let Some(pseudonym) = &self.pseudonym {
            let taken = person::Entity::find()
                .filter(person::Column::Pseudonym.eq(pseudonym))
                .filter(person::Column::Id.ne(row.id))
                .count(change.read())
                .await?;
            if taken > 0 {
                return Err(Failure::Refused(StaffRefused::Taken));
            }
            row.pseudonym.clone_from(pseudonym);
        }
        if let Some(roles) = &self.roles {
            row.roles = roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(" ");
        }
        if let Some(lanes) = &self.lanes {
            row.lanes = lanes.iter().map(|lane| lane.as_str()).collect::<Vec<_>>().join(" ");
        }
        if let Some(name) = &self.name {
            row.name.clone_from(name);
        }
        let set = person::Entity::update_many()
            .col_expr(person::Column::Roles, Expr::value(row.roles.as_str()))
            .col_expr(person::Column::Lanes, Expr::value(row.lanes.as_str()))
            .col_expr(person::Column::Name, Expr::value(row.name.as_str()))
            .col_expr(person::Column::Pseudonym, Expr::value(row.pseudonym.as_str()))
            .filter(person::Column::Id.eq(row.id));
        change.execute(&set).await?;
        let actor = Actor::Person(self.by);
        let now = Person::of(&row);
        let works = now.rights().has(Right::WorkLane);
        bell::end_all(
            change,
            row.id,
            |shift| !works || !now.lanes.contains(&shift.lane),
            actor,
            "right-withdrawn",
        )
        .await?;
        if !works {
            give_back_all(change, row.id, None, actor, "right-withdrawn").await?;
        }
        change.note(
            EventKind::PersonChanged,
            None,
            actor,
            json!({ "person": row.id, "what": "changed", "roles": now.roles, "lanes": now.lanes }),
        );
        Ok(row)
    }
}
