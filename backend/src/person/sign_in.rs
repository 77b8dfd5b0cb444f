//! Signing in: one answer for every refusal, and a pause after too many.

use std::sync::LazyLock;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;

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

/// Signs a person in.
///
/// # Errors
/// [`SignInError`].
pub async fn sign_in(app: &App, email: &str, given: &str) -> Result<SignedIn, SignInError> {
    let email = email.trim().to_lowercase();
    let row = person::Entity::find()
        .filter(person::Column::Email.eq(&email))
        .one(app.db.reader())
        .await
        .map_err(Error::from)?;
    let now = clock::ms(app.clock.now());
    if let Some(until) = row
        .as_ref()
        .and_then(|row| row.locked_until)
        .filter(|until| *until > now)
    {
        return Err(SignInError::LockedOut((until - now).div_euclid(1000) + 1));
    }
    let kept = row
        .as_ref()
        .map_or_else(|| NOBODY.clone(), |row| row.password_hash.clone());
    let given = given.to_owned();
    // Argon2 takes tens of milliseconds on purpose; not on a thread that serves others.
    let fits = actix_web::rt::task::spawn_blocking(move || password::fits(&given, &kept))
        .await
        .unwrap_or(false);
    let known = row.filter(|row| row.state == PersonState::Active);
    match known {
        Some(row) if fits => {
            let secret = secret::make().map_err(|_| SignInError::NoRandomness)?;
            let until = now + i64::from(app.config.person.session_h) * 3_600_000;
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
        Some(row) => {
            let step = Refuse {
                person: row.id,
                tries: app.config.person.tries,
                locked_min: app.config.person.locked_min,
            };
            match through(app.writer.change(step).await)? {
                Some(locked_s) => Err(SignInError::LockedOut(locked_s)),
                None => Err(SignInError::Refused),
            }
        }
        None => Err(SignInError::Refused),
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
    person: PersonId,
    tries: u32,
    locked_min: u32,
}

impl Step for Refuse {
    /// Seconds the account is locked, if this was one too many.
    type Out = Option<i64>;
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<Option<i64>, Failure<Self::Refusal>> {
        let refused = person::Entity::find_by_id(self.person)
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
                    .filter(person::Column::Id.eq(self.person)),
            )
            .await?;
        change.note(
            EventKind::SignInRefused,
            None,
            Actor::Outside,
            json!({ "person": self.person, "locked": locks }),
        );
        Ok(locks.then_some(locked_s))
    }
}
