//! Signed-in browsers. The database holds them; what was looked up is remembered until somebody signs out or changes.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::secret;
use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::clock;
use crate::domain::event::EventKind;
use crate::domain::id::{PersonId, SessionId, TokenId};
use crate::store::Error;
use crate::store::entity::{session, token};

/// What a secret stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A signed-in person, until the instant in milliseconds.
    Person(PersonId, SessionId, i64),
    /// A programme.
    Token(TokenId, super::people::Rights),
}

/// Secrets looked up before, by digest.
#[derive(Debug, Default)]
pub struct Sessions(RwLock<HashMap<String, Holder>>);

/// More than any authority has staff; past it the memory is emptied and fills again.
const REMEMBERED: usize = 10_000;

impl Sessions {
    /// Forgets everything looked up, so that the database is asked again.
    pub fn forget(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn get(&self, digest: &str) -> Option<Holder> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(digest)
            .copied()
    }

    fn put(&self, digest: String, holder: Holder) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(digest, holder);
    }
}

/// Who carries a session secret; none if it is unknown or over.
///
/// # Errors
/// Any [`Error`].
pub async fn of_session(app: &App, secret: &str) -> Result<Option<Holder>, Error> {
    let digest = secret::digest(secret);
    let now = clock::ms(app.clock.now());
    let holder = match app.sessions.get(&digest) {
        Some(holder) => Some(holder),
        None => {
            let row = session::Entity::find()
                .filter(session::Column::Digest.eq(&digest))
                .one(app.db.reader())
                .await?;
            let holder = row.map(|row| Holder::Person(row.person_id, row.id, row.expires_at));
            if let Some(holder) = holder {
                app.sessions.put(digest, holder);
            }
            holder
        }
    };
    Ok(holder.filter(|holder| matches!(holder, Holder::Person(_, _, until) if *until > now)))
}

/// Who carries an API token; none if it is unknown or withdrawn.
///
/// # Errors
/// Any [`Error`].
pub async fn of_token(app: &App, secret: &str) -> Result<Option<Holder>, Error> {
    let digest = secret::digest(secret);
    if let Some(holder) = app.sessions.get(&digest) {
        return Ok(Some(holder).filter(|holder| matches!(holder, Holder::Token(..))));
    }
    let row = token::Entity::find()
        .filter(token::Column::Digest.eq(&digest))
        .filter(token::Column::WithdrawnAt.is_null())
        .one(app.db.reader())
        .await?;
    let holder = row.map(|row| Holder::Token(row.id, super::people::words(&row.rights).into_iter().collect()));
    if let Some(holder) = holder {
        app.sessions.put(digest, holder);
    }
    Ok(holder)
}

/// Ends one session.
#[derive(Debug)]
pub struct SignOut {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub session: SessionId,
}

impl Step for SignOut {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        let gone = session::Entity::delete_many()
            .filter(session::Column::Id.eq(self.session))
            .filter(session::Column::PersonId.eq(self.person));
        change.execute(&gone).await?;
        change.note(
            EventKind::SignedOut,
            None,
            Actor::Person(self.person),
            json!({ "session": self.session }),
        );
        Ok(())
    }
}
