//! Signing in: one answer for every refusal, and a pause after too many, for addresses that exist and those that do not.

use std::net::IpAddr;
use std::sync::LazyLock;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;

use super::session::lasts;
use super::{password, secret};
use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::clock;
use crate::domain::event::EventKind;
use crate::domain::id::{PersonId, SessionId};
use crate::domain::person::PersonState;
use crate::store::Error;
use crate::store::entity::{person, session};

/// Why somebody may not come in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Unknown address, wrong password, disabled: one answer for all.
    #[error("the address and the password do not fit")]
    Refused,
    /// Too many refusals; open again after this many seconds.
    #[error("locked for another {0} s")]
    LockedOut(i64),
    /// Too many tries from one source; open again after this many seconds.
    #[error("too many tries from one place; wait {0} s")]
    TooMany(i64),
    /// The machine has no randomness.
    #[error("no session could be made")]
    NoRandomness,
    /// The database.
    #[error(transparent)]
    Store(#[from] Error),
}

/// A session was made.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub person: PersonId,
    /// The secret for the cookie; shown once.
    pub secret: String,
    /// Until when, in milliseconds.
    pub until: i64,
}

/// A hash of nobody's password, so that an unknown address takes as long as a wrong password.
static NOBODY: LazyLock<String> = LazyLock::new(|| password::hash("nobody has this password").unwrap_or_default());

/// Signs a person in who tries from a source address.
///
/// # Errors
/// [`SignInError`].
pub async fn sign_in(app: &App, source: Option<IpAddr>, email: &str, given: &str) -> Result<SignedIn, SignInError> {
    let now = clock::ms(app.clock.now());
    let config = &app.config.person;
    if let Some(source) = source {
        app.door
            .knock(source, now, config.tries_per_source)
            .map_err(SignInError::TooMany)?;
    }
    let email = email.trim().to_lowercase();
    let row = person::Entity::find()
        .filter(person::Column::Email.eq(&email))
        .one(app.db.reader())
        .await
        .map_err(Error::from)?;
    let digest = secret::digest(&email);
    let locked_s = match &row {
        Some(row) => row
            .locked_until
            .filter(|until| *until > now)
            .map(|until| (until - now).div_euclid(1000) + 1),
        None => app.door.locked(&digest, now),
    };
    if let Some(seconds) = locked_s {
        return Err(SignInError::LockedOut(seconds));
    }
    let fits = fits(given, row.as_ref().map(|row| row.password_hash.as_str())).await;
    let may = row.as_ref().is_some_and(|row| row.state == PersonState::Active);
    match row {
        Some(row) if fits && may => {
            let secret = secret::make().map_err(|_| SignInError::NoRandomness)?;
            let until = lasts(config, now, now);
            let step = Open {
                person: row.id,
                digest: secret::digest(&secret),
                until,
            };
            through(app.writer.change(step).await)?;
            Ok(SignedIn {
                person: row.id,
                secret,
                until,
            })
        }
        known => Err(refuse(app, known.map(|row| row.id), &digest).await?),
    }
}

/// Whether the password fits, after the same time for everybody. Argon2 takes tens of milliseconds on purpose; not on a
/// thread that serves others.
async fn fits(given: &str, kept: Option<&str>) -> bool {
    let kept = kept.map_or_else(|| NOBODY.clone(), str::to_owned);
    let given: String = given.chars().take(password::LONGEST + 1).collect();
    tokio::task::spawn_blocking(move || password::fits(&given, &kept))
        .await
        .unwrap_or(false)
}

/// Counts a refusal. An address nobody has is counted in memory, and its event is written like any, so that neither the
/// answer nor its time tells who works here.
async fn refuse(app: &App, person: Option<PersonId>, digest: &str) -> Result<SignInError, Error> {
    let config = &app.config.person;
    let step = Refuse {
        person,
        tries: config.tries,
        locked_min: config.locked_min,
    };
    let locked_s = through(app.writer.change(step).await)?;
    let locked_s = match person {
        Some(_) => locked_s,
        None => app
            .door
            .refuse(digest, clock::ms(app.clock.now()), config.tries, config.locked_min),
    };
    Ok(locked_s.map_or(SignInError::Refused, SignInError::LockedOut))
}

/// Whether a signed-in person knows their own password; a wrong one counts like a refused sign-in.
///
/// # Errors
/// [`SignInError`].
pub async fn prove(app: &App, person: PersonId, given: &str) -> Result<(), SignInError> {
    let now = clock::ms(app.clock.now());
    let row = person::Entity::find_by_id(person)
        .one(app.db.reader())
        .await
        .map_err(Error::from)?
        .ok_or(SignInError::Refused)?;
    if let Some(until) = row.locked_until.filter(|until| *until > now) {
        return Err(SignInError::LockedOut((until - now).div_euclid(1000) + 1));
    }
    if fits(given, Some(&row.password_hash)).await {
        Ok(())
    } else {
        Err(refuse(app, Some(person), "").await?)
    }
}

fn through<T>(outcome: Result<T, Failure<std::convert::Infallible>>) -> Result<T, Error> {
    match outcome {
        Ok(out) => Ok(out),
        Err(Failure::Store(error)) => Err(error),
        Err(Failure::Refused(never)) => match never {},
    }
}

struct Open {
    person: PersonId,
    digest: String,
    until: i64,
}

impl Step for Open {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        let now = change.now_ms();
        let id = change.id::<SessionId>();
        let row = session::Model {
            id,
            digest: self.digest.clone(),
            person_id: self.person,
            created_at: now,
            seen_at: now,
            expires_at: self.until,
        };
        change.later(&session::Entity::insert(row.into_active_model()));
        change.later(
            &person::Entity::update_many()
                .col_expr(person::Column::RefusedSignIns, Expr::value(0))
                .col_expr(person::Column::LockedUntil, Expr::value(None::<i64>))
                .filter(person::Column::Id.eq(self.person)),
        );
        change.note(
            EventKind::SignedIn,
            None,
            Actor::Person(self.person),
            json!({ "session": id }),
        );
        Ok(())
    }
}

struct Refuse {
    person: Option<PersonId>,
    tries: u32,
    locked_min: u32,
}

impl Step for Refuse {
    /// Seconds the account is locked, if this was one too many.
    type Out = Option<i64>;
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<Option<i64>, Failure<Self::Refusal>> {
        let Some(person) = self.person else {
            change.note(EventKind::SignInRefused, None, Actor::Outside, json!({}));
            return Ok(None);
        };
        let refused = person::Entity::find_by_id(person)
            .one(change.read())
            .await?
            .map_or(0, |row| row.refused_sign_ins)
            + 1;
        let locks = i64::from(refused) >= i64::from(self.tries);
        let locked_s = i64::from(self.locked_min) * 60;
        let until = locks.then(|| change.now_ms() + locked_s * 1000);
        change
            .execute(
                &person::Entity::update_many()
                    .col_expr(
                        person::Column::RefusedSignIns,
                        Expr::value(if locks { 0 } else { refused }),
                    )
                    .col_expr(person::Column::LockedUntil, Expr::value(until))
                    .filter(person::Column::Id.eq(person)),
            )
            .await?;
        change.note(
            EventKind::SignInRefused,
            None,
            Actor::Outside,
            json!({ "person": person, "locked": locks }),
        );
        Ok(locks.then_some(locked_s))
    }
}
