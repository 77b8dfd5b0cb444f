//! Signed-in browsers. The database holds them; what was looked up is remembered until somebody signs out or changes.
//!
//! A session is over when nothing was asked with it for a while (`person.idle_min`), and at the latest `person.session_h`
//! after sign-in. That it was used is written at most once a minute.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::secret;
use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::id::{PersonId, SessionId, TokenId};
use crate::store::Error;
use crate::store::entity::{session, token};
use crate::{clock, config};

/// What a secret stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A signed-in person, until the instant in milliseconds.
    Person(PersonId, SessionId, i64),
    /// A programme.
    Token(TokenId, super::people::Rights),
}

/// Secrets looked up before, by digest, with the instant in milliseconds of the last use that was written.
#[derive(Debug, Default)]
pub struct Sessions {
    known: RwLock<HashMap<String, (Holder, i64)>>,
    /// Rises with each forgetting: what was read before it must not be remembered after it.
    forgotten: AtomicU64,
}

/// Use of a session is written at most this often, in milliseconds.
const WRITTEN_EVERY_MS: i64 = 60_000;

/// More than any authority has staff; past it the memory is emptied and fills again.
const REMEMBERED: usize = 10_000;

impl Sessions {
    /// Forgets everything looked up, so that the database is asked again.
    pub fn forget(&self) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        self.forgotten.fetch_add(1, Ordering::Release);
        known.clear();
    }

    fn age(&self) -> u64 {
        self.forgotten.load(Ordering::Acquire)
    }

    fn get(&self, digest: &str) -> Option<(Holder, i64)> {
        self.known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(digest)
            .copied()
    }

    fn put(&self, age: u64, digest: String, holder: Holder, seen_at: i64) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if self.age() != age {
            return;
        }
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(digest, (holder, seen_at));
    }

    /// Notes a use; true for the first to note it in this minute, who is to write it.
    fn note(&self, digest: &str, now: i64) -> bool {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        match known.get_mut(digest) {
            Some((_, seen_at)) if now - *seen_at >= WRITTEN_EVERY_MS => {
                *seen_at = now;
                true
            }
            _ => false,
        }
    }

    /// Prolongs what is remembered, unless it was forgotten meanwhile.
    fn extend(&self, digest: &str, until: i64) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if let Some((Holder::Person(_, _, kept), _)) = known.get_mut(digest) {
            *kept = until;
        }
    }
}

/// Until when a session lasts that began at `created_at` and is used `now`, all in milliseconds.
#[must_use]
pub fn lasts(config: &config::Person, created_at: i64, now: i64) -> i64 {
    let idle = now + i64::from(config.idle_min) * 60_000;
    idle.min(created_at + i64::from(config.session_h) * 3_600_000)
}

/// Who carries a session secret; none if it is unknown or over.
///
/// # Errors
/// Any [`Error`].
pub async fn of_session(app: &Arc<App>, secret: &str) -> Result<Option<Holder>, Error> {
    let digest = secret::digest(secret);
    let now = clock::ms(app.clock.now());
    let found = match app.sessions.get(&digest) {
        Some(found) => Some(found),
        None => {
            let age = app.sessions.age();
            let row = session::Entity::find()
                .filter(session::Column::Digest.eq(&digest))
                .one(app.db.reader())
                .await?;
            let found = row.map(|row| (Holder::Person(row.person_id, row.id, row.expires_at), row.seen_at));
            if let Some((holder, seen_at)) = found {
                app.sessions.put(age, digest.clone(), holder, seen_at);
            }
            found
        }
    };
    let Some((Holder::Person(person, session, until), seen_at)) = found else {
        return Ok(None);
    };
    if until <= now {
        return Ok(None);
    }
    if now - seen_at >= WRITTEN_EVERY_MS && app.sessions.note(&digest, now) {
        // Nobody waits for this: reading goes on while the database cannot write.
        let writing = Arc::clone(app);
        app.tasks.spawn(async move {
            let step = Seen {
                session,
                config: writing.config.person.clone(),
            };
            match writing.writer.change(step).await {
                Ok(Some(until)) => writing.sessions.extend(&digest, until),
                Ok(None) => {}
                Err(Failure::Store(error)) => tracing::debug!(%error, "the use of a session was not written"),
                Err(Failure::Refused(never)) => match never {},
            }
        });
    }
    Ok(Some(Holder::Person(person, session, until)))
}

/// Who carries an API token; none if it is unknown or withdrawn.
///
/// # Errors
/// Any [`Error`].
pub async fn of_token(app: &App, secret: &str) -> Result<Option<Holder>, Error> {
    let digest = secret::digest(secret);
    if let Some((holder, _)) = app.sessions.get(&digest) {
        return Ok(Some(holder).filter(|holder| matches!(holder, Holder::Token(..))));
    }
    let age = app.sessions.age();
    let row = token::Entity::find()
        .filter(token::Column::Digest.eq(&digest))
        .filter(token::Column::WithdrawnAt.is_null())
        .one(app.db.reader())
        .await?;
    let holder = row.map(|row| Holder::Token(row.id, super::people::words(&row.rights).into_iter().collect()));
    if let Some(holder) = holder {
        app.sessions.put(age, digest, holder, 0);
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
    /// Whether there was such a session of this person.
    type Out = bool;
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<bool, Failure<Self::Refusal>> {
        let gone = session::Entity::delete_many()
            .filter(session::Column::Id.eq(self.session))
            .filter(session::Column::PersonId.eq(self.person));
        if change.execute(&gone).await? == 0 {
            return Ok(false);
        }
        let actor = Actor::Person(self.person);
        change.note(EventKind::SignedOut, None, actor, json!({ "session": self.session }));
        Ok(true)
    }
}

/// Writes that a session is used; until when it lasts now, if it is still there.
struct Seen {
    session: SessionId,
    config: config::Person,
}

impl Step for Seen {
    type Out = Option<i64>;
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<Self::Out, Failure<Self::Refusal>> {
        let now = change.now_ms();
        let row = session::Entity::find_by_id(self.session).one(change.read()).await?;
        let Some(row) = row.filter(|row| row.expires_at > now) else {
            return Ok(None);
        };
        let until = lasts(&self.config, row.created_at, now);
        change
            .execute(
                &session::Entity::update_many()
                    .col_expr(session::Column::SeenAt, Expr::value(now))
                    .col_expr(session::Column::ExpiresAt, Expr::value(until))
                    .filter(session::Column::Id.eq(self.session)),
            )
            .await?;
        Ok(Some(until))
    }
}

/// Ends the sessions that are over, so that their sockets close too.
struct EndOver {
    most: u64,
}

impl Step for EndOver {
    type Out = usize;
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<usize, Failure<Self::Refusal>> {
        let over = session::Entity::find()
            .filter(session::Column::ExpiresAt.lte(change.now_ms()))
            .limit(self.most)
            .all(change.read())
            .await?;
        for row in &over {
            change.later(&session::Entity::delete_by_id(row.id));
            let data = json!({ "session": row.id, "person": row.person_id, "reason": "over" });
            change.note(EventKind::SignedOut, None, Actor::Desk, data);
        }
        Ok(over.len())
    }
}

/// Ends the sessions that are over.
///
/// # Errors
/// Any [`Error`].
pub async fn end_over(app: &App) -> Result<usize, Error> {
    let now = clock::ms(app.clock.now());
    let any = session::Entity::find()
        .filter(session::Column::ExpiresAt.lte(now))
        .one(app.db.reader())
        .await?;
    if any.is_none() {
        return Ok(0);
    }
    match app.writer.change(EndOver { most: 200 }).await {
        Ok(count) => Ok(count),
        Err(Failure::Store(error)) => Err(error),
        Err(Failure::Refused(never)) => match never {},
    }
}

/// The open sessions of a person, last used first.
///
/// # Errors
/// Any [`Error`].
pub async fn list(app: &App, person: PersonId) -> Result<Vec<session::Model>, Error> {
    let now = clock::ms(app.clock.now());
    Ok(session::Entity::find()
        .filter(session::Column::PersonId.eq(person))
        .filter(session::Column::ExpiresAt.gt(now))
        .order_by_desc(session::Column::SeenAt)
        .limit(100)
        .all(app.db.reader())
        .await?)
}

#[cfg(test)]
mod tests {
    use super::lasts;
    use crate::config;

    #[test]
    fn a_used_session_goes_on_but_not_past_its_longest() {
        let config = config::Person::default();
        let hour = 3_600_000;
        assert_eq!(lasts(&config, 0, 0), 2 * hour);
        assert_eq!(lasts(&config, 0, 5 * hour), 7 * hour);
        assert_eq!(lasts(&config, 0, 11 * hour), 12 * hour);
    }
}
