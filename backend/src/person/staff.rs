//! Adding, disabling and resetting people.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use serde_json::json;

use super::people::{Person, words};
use super::{password, secret};
use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::id::{PersonId, SessionId};
use crate::domain::lane::Lane;
use crate::domain::person::PersonState;
use crate::domain::role::Role;
use crate::shift::bell;
use crate::store::Error;
use crate::store::entity::{person, session};
use crate::wire;

/// Why a change of staff was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StaffRefused {
    /// Another person signs in with it.
    #[error("this address or pseudonym is taken; choose another")]
    Taken,
    /// There is no such person.
    #[error("there is no such person")]
    Absent,
    /// Nobody could manage people any more.
    #[error("this is the last administrator; make somebody else one first")]
    LastAdmin,
}

/// Makes a change of a person and has everything kept in memory follow it. The one way for command line, API and pages.
///
/// # Errors
/// What the step refuses, or why the database could not.
pub async fn change<S>(app: &App, step: S) -> Result<person::Model, Failure<StaffRefused>>
where
    S: Step<Out = person::Model, Refusal = StaffRefused>,
{
    let row = app.writer.change(step).await?;
    app.people.put(Person::of(&row));
    wire::access::recheck(&app.hub, &app.people, &app.duty, row.id);
    Ok(row)
}

/// Reads everybody again and closes what they may no longer listen to.
///
/// # Errors
/// Any [`Error`].
pub async fn read_again(app: &App) -> Result<(), Error> {
    app.people.load(app.db.reader()).await?;
    for person in app.people.list() {
        wire::access::recheck(&app.hub, &app.people, &app.duty, person.id);
    }
    Ok(())
}

/// Refuses to take the last person away who can manage people.
pub(super) async fn keep_an_admin(change: &Change, but: PersonId) -> Result<(), Failure<StaffRefused>> {
    let others = person::Entity::find()
        .filter(person::Column::State.eq(PersonState::Active))
        .filter(person::Column::Id.ne(but))
        .all(change.read())
        .await?;
    if others
        .iter()
        .any(|row| words::<Role>(&row.roles).contains(&Role::Admin))
    {
        Ok(())
    } else {
        Err(Failure::Refused(StaffRefused::LastAdmin))
    }
}

/// A first password: letters and digits only, so that it can be read aloud.
///
/// # Errors
/// The system has no randomness to give.
pub fn new_password() -> Result<String, getrandom::Error> {
    secret::make().map(|made| made.chars().filter(char::is_ascii_alphanumeric).take(20).collect())
}

/// Adds a person.
#[derive(Debug)]
pub struct AddPerson {
    email: String,
    name: String,
    pseudonym: String,
    roles: Vec<Role>,
    lanes: Vec<Lane>,
    password_hash: String,
    must_change_password: bool,
    by: Option<PersonId>,
}

impl AddPerson {
    /// Hashes the password, which takes tens of milliseconds; nothing is written yet.
    ///
    /// # Errors
    /// The password cannot be hashed.
    #[expect(clippy::too_many_arguments, reason = "each is one field of the form")]
    pub fn new(
        email: &str,
        name: &str,
        pseudonym: &str,
        roles: Vec<Role>,
        lanes: Vec<Lane>,
        given: &str,
        must_change_password: bool,
        by: Option<PersonId>,
    ) -> Result<Self, argon2::password_hash::Error> {
        Ok(Self {
            email: email.trim().to_lowercase(),
            name: name.trim().to_owned(),
            pseudonym: pseudonym.trim().to_owned(),
            roles,
            lanes,
            password_hash: password::hash(given)?,
            must_change_password,
            by,
        })
    }
}

impl Step for AddPerson {
    type Out = person::Model;
    type Refusal = StaffRefused;

    async fn run(&self, change: &mut Change) -> Result<person::Model, Failure<StaffRefused>> {
        let taken = person::Entity::find()
            .filter(
                person::Column::Email
                    .eq(&self.email)
                    .or(person::Column::Pseudonym.eq(&self.pseudonym)),
            )
            .count(change.read())
            .await?;
        if taken > 0 {
            return Err(Failure::Refused(StaffRefused::Taken));
        }
        let words = |words: Vec<&str>| words.join(" ");
        let row = person::Model {
            id: change.id(),
            email: self.email.clone(),
            name: self.name.clone(),
            pseudonym: self.pseudonym.clone(),
            password_hash: self.password_hash.clone(),
            must_change_password: self.must_change_password,
            roles: words(self.roles.iter().map(|role| role.as_str()).collect()),
            lanes: words(self.lanes.iter().map(|lane| lane.as_str()).collect()),
            state: PersonState::Active,
            locale: "sv".to_owned(),
            settings: "{}".to_owned(),
            refused_sign_ins: 0,
            locked_until: None,
            created_at: change.now_ms(),
        };
        change.later(&person::Entity::insert(row.clone().into_active_model()));
        let actor = self.by.map_or(Actor::Desk, Actor::Person);
        change.note(
            EventKind::PersonChanged,
            None,
            actor,
            json!({ "person": row.id, "what": "added", "roles": self.roles }),
        );
        Ok(row)
    }
}

/// Takes a person's way in, or gives it back. Every session ends.
#[derive(Debug)]
pub struct Disable {
    /// Whom.
    pub person: PersonId,
    /// By whom; none from the command line.
    pub by: Option<PersonId>,
    /// Disabled, or active again.
    pub disabled: bool,
}

impl Step for Disable {
    type Out = person::Model;
    type Refusal = StaffRefused;

    async fn run(&self, change: &mut Change) -> Result<person::Model, Failure<StaffRefused>> {
        let row = person::Entity::find_by_id(self.person).one(change.read()).await?;
        let mut row = row.ok_or(Failure::Refused(StaffRefused::Absent))?;
        if self.disabled && words::<Role>(&row.roles).contains(&Role::Admin) {
            keep_an_admin(change, row.id).await?;
        }
        row.state = if self.disabled {
            PersonState::Disabled
        } else {
            PersonState::Active
        };
        let set = person::Entity::update_many()
            .col_expr(person::Column::State, Expr::value(row.state))
            .filter(person::Column::Id.eq(self.person));
        change.execute(&set).await?;
        change
            .execute(&session::Entity::delete_many().filter(session::Column::PersonId.eq(self.person)))
            .await?;
        let actor = self.by.map_or(Actor::Desk, Actor::Person);
        if self.disabled {
            bell::end_all(change, self.person, |_| true, actor, "disabled").await?;
            crate::lane::claim::give_back_all(change, self.person, None, actor, "disabled").await?;
        }
        let what = if self.disabled { "disabled" } else { "enabled" };
        change.note(
            EventKind::PersonChanged,
            None,
            actor,
            json!({ "person": row.id, "ended": row.id, "what": what }),
        );
        Ok(row)
    }
}

/// Sets a password. Every session ends, but the one from which the person does it.
#[derive(Debug)]
pub struct ResetPassword {
    person: PersonId,
    password_hash: String,
    must_change: bool,
    by: Option<PersonId>,
    kept: Option<SessionId>,
}

impl ResetPassword {
    /// Hashes the password, which takes tens of milliseconds; nothing is written yet.
    ///
    /// # Errors
    /// The password cannot be hashed.
    pub fn new(
        person: PersonId,
        given: &str,
        must_change: bool,
        by: Option<PersonId>,
    ) -> Result<Self, argon2::password_hash::Error> {
        Ok(Self {
            person,
            password_hash: password::hash(given)?,
            must_change,
            by,
            kept: None,
        })
    }

    /// Leaves one session open.
    #[must_use]
    pub const fn keeping(mut self, session: Option<SessionId>) -> Self {
        self.kept = session;
        self
    }
}

impl Step for ResetPassword {
    type Out = person::Model;
    type Refusal = StaffRefused;

    async fn run(&self, change: &mut Change) -> Result<person::Model, Failure<StaffRefused>> {
        let row = person::Entity::find_by_id(self.person).one(change.read()).await?;
        let mut row = row.ok_or(Failure::Refused(StaffRefused::Absent))?;
        row.must_change_password = self.must_change;
        let set = person::Entity::update_many()
            .col_expr(person::Column::PasswordHash, Expr::value(self.password_hash.as_str()))
            .col_expr(person::Column::MustChangePassword, Expr::value(self.must_change))
            .col_expr(person::Column::RefusedSignIns, Expr::value(0))
            .col_expr(person::Column::LockedUntil, Expr::value(None::<i64>))
            .filter(person::Column::Id.eq(self.person));
        change.execute(&set).await?;
        let actor = self.by.map_or(Actor::Desk, Actor::Person);
        let open = session::Entity::find()
            .filter(session::Column::PersonId.eq(self.person))
            .all(change.read())
            .await?;
        for other in open.into_iter().filter(|one| Some(one.id) != self.kept) {
            change.later(&session::Entity::delete_by_id(other.id));
            change.note(
                EventKind::SignedOut,
                None,
                actor,
                json!({ "session": other.id, "person": row.id }),
            );
        }
        change.note(
            EventKind::PersonChanged,
            None,
            actor,
            json!({ "person": row.id, "what": "password" }),
        );
        Ok(row)
    }
}
