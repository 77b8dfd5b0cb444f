//! A change: one step inside a transaction, with the events it causes.
//!
//! Events gather in the [`Change`] and are written in its transaction; committing is the one way to publish them.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, Query, Values};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, FromQueryResult, Iterable, QueryTrait, Statement,
    UpdateMany, Value,
};
use uuid::Uuid;

use crate::clock;
use crate::domain::comment::CommentState;
use crate::domain::event::EventKind;
use crate::domain::id::{CommentId, IdMaker, PersonId, TokenId};
use crate::domain::lane::Lane;
use crate::store::Error;
use crate::store::entity::{comment, event};

/// Who caused an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A member of staff.
    Person(PersonId),
    /// A programme with an API token.
    Token(TokenId),
    /// Somebody on the platform: the author, or the account's own app.
    Outside,
    /// The desk itself: a lease that ran out, an outbox that gave up.
    Desk,
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Person(id) => write!(f, "person:{id}"),
            Self::Token(id) => write!(f, "token:{id}"),
            Self::Outside => f.write_str("outside"),
            Self::Desk => f.write_str("desk"),
        }
    }
}

/// How an event changes what waits in a lane; kept figures follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// Where it was, if it was anywhere.
    pub from: Option<(Lane, CommentState)>,
    /// Where it is now.
    pub to: (Lane, CommentState),
    /// Since when it waits (milliseconds).
    pub opened_at: i64,
    /// When its answer is due (milliseconds).
    pub due_at: i64,
    /// Since when it waited and when its answer was due, where this changed either.
    pub left: Option<(i64, i64)>,
    /// Whether it came in now, rather than back.
    pub arrived: bool,
}

/// One numbered fact about the desk.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its number; rises without holes. 0 until the change is written.
    pub seq: i64,
    /// When, in milliseconds.
    pub at: i64,
    /// What.
    pub kind: EventKind,
    /// Which comment.
    pub comment: Option<CommentId>,
    /// Which lane it concerns.
    pub lane: Option<Lane>,
    /// Who.
    pub actor: Actor,
    /// What else there is to say; never comment text.
    pub data: serde_json::Value,
    /// For kept figures; not stored.
    pub moved: Option<Moved>,
}

/// Why a step did not happen.
#[derive(Debug)]
pub enum Failure<R> {
    /// By a rule; nothing was written.
    Refused(R),
    /// By the database.
    Store(Error),
}

impl<R> From<Error> for Failure<R> {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl<R> From<sea_orm::DbErr> for Failure<R> {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

/// An update of comments that gives the changed rows back.
pub type Update = UpdateMany<comment::Entity>;

/// One change of the desk, as a value: it may be run again when the group it was committed with fails.
pub trait Step: Send + Sync + 'static {
    /// What it gives.
    type Out: Send + 'static;
    /// Why a rule may refuse it. Refuse before writing.
    type Refusal: Send + 'static;

    /// An update that it begins with, whatever other steps did before: those of a group then go in one text.
    /// Its [`run`](Self::run) gets the rows by [`Change::changed_ahead`].
    fn ahead(&self, _now_ms: i64) -> Option<Update> {
        None
    }

    /// Does it inside the transaction.
    fn run(&self, change: &mut Change) -> impl Future<Output = Result<Self::Out, Failure<Self::Refusal>>> + Send;
}

/// Most bound values of statements that are joined to one text. Every text is kept prepared: long ones would take
/// megabytes, and of short ones there are few.
const JOINED_VALUES: usize = 160;
/// Column that says which update a row comes from.
const NTH: &str = "nth";

/// How far event numbers are given out.
struct Numbers {
    /// What the counter says, or said when the last change was committed.
    written: i64,
    /// The last number given out.
    last: i64,
}

/// An open transaction and the events it will publish.
pub struct Change {
    tx: DatabaseTransaction,
    backend: DbBackend,
    now: DateTime<Utc>,
    ids: Arc<IdMaker>,
    events: Vec<Event>,
    numbers: Option<Numbers>,
    later: Vec<Statement>,
    ahead: Option<Vec<comment::Model>>,
    wrote: bool,
}

impl Change {
    /// Begins one; `last` is the number of the last event, if it is remembered.
    pub(crate) fn new(tx: DatabaseTransaction, now: DateTime<Utc>, ids: Arc<IdMaker>, last: Option<i64>) -> Self {
        let backend = tx.get_database_backend();
        Self {
            tx,
            backend,
            now,
            ids,
            events: Vec::new(),
            numbers: last.map(|last| Numbers { written: last, last }),
            later: Vec::new(),
            ahead: None,
            wrote: false,
        }
    }

    /// The instant of this change.
    #[must_use]
    pub const fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The instant of this change in milliseconds.
    #[must_use]
    pub const fn now_ms(&self) -> i64 {
        clock::ms(self.now)
    }

    /// A new identifier.
    pub fn id<T: From<Uuid>>(&self) -> T {
        self.ids.make(self.now)
    }

    /// For reading what this change may depend on.
    #[must_use]
    pub const fn read(&self) -> &DatabaseTransaction {
        &self.tx
    }

    /// Runs a statement at once and counts the rows it changed.
    ///
    /// # Errors
    /// Any [`Error`]; the group is then run again one by one.
    pub async fn execute(&mut self, query: &impl QueryTrait) -> Result<u64, Error> {
        self.write_later().await?;
        let rows = self.tx.execute_raw(query.build(self.backend)).await?.rows_affected();
        self.wrote |= rows > 0;
        Ok(rows)
    }

    /// Updates comments at once, one update after another; for each the rows as they are now.
    ///
    /// # Errors
    /// Any [`Error`]; the group is then run again one by one.
    pub(crate) async fn update_each(&mut self, updates: Vec<Update>) -> Result<Vec<Vec<comment::Model>>, Error> {
        self.write_later().await?;
        let mut changed: Vec<Vec<comment::Model>> = updates.iter().map(|_| Vec::new()).collect();
        let statements = (0_i32..).zip(updates).map(|(nth, update)| {
            let mut query = update.into_query();
            let columns = comment::Column::iter().map(Expr::col);
            let nth = Expr::cust(format!("{nth} AS \"{NTH}\""));
            query.returning(Query::returning().exprs(columns.chain([nth])));
            self.backend.build(&query)
        });
        for statement in together(self.backend, statements.collect()) {
            for row in self.tx.query_all_raw(statement).await? {
                let nth: i32 = row.try_get("", NTH)?;
                let of = usize::try_from(nth).ok().and_then(|nth| changed.get_mut(nth));
                let of = of.ok_or_else(|| Error::inconsistent("a row of no update"))?;
                of.push(comment::Model::from_query_result(&row, "")?);
                self.wrote = true;
            }
        }
        Ok(changed)
    }

    /// Keeps what the [`Step::ahead`] of the step that runs next has changed.
    pub(crate) fn hand(&mut self, rows: Option<Vec<comment::Model>>) {
        self.ahead = rows;
    }

    /// What the step's [`Step::ahead`] changed, run now if it was not before.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn changed_ahead(&mut self, update: impl FnOnce(i64) -> Update) -> Result<Vec<comment::Model>, Error> {
        if let Some(rows) = self.ahead.take() {
            self.wrote |= !rows.is_empty();
            return Ok(rows);
        }
        let changed = self.update_each(vec![update(self.now_ms())]).await?;
        Ok(changed.into_iter().flatten().collect())
    }

    /// Runs a statement whose result nobody needs, together with others, before the step ends.
    pub fn later(&mut self, query: &impl QueryTrait) {
        self.later.push(query.build(self.backend));
        self.wrote = true;
    }

    /// As [`Self::later`], for what is written down as text. Placeholders are those of [`Self::backend`].
    pub fn later_sql(&mut self, sql: &str, values: impl IntoIterator<Item = i64>) {
        let values = values.into_iter().map(Value::from);
        self.later
            .push(Statement::from_sql_and_values(self.backend, sql, values));
        self.wrote = true;
    }

    /// The kind of database.
    #[must_use]
    pub const fn backend(&self) -> DbBackend {
        self.backend
    }

    /// Inserts many rows, in groups whose sizes are powers of two so that prepared statements are found again.
    pub fn insert_many<E: EntityTrait>(&mut self, rows: Vec<E::ActiveModel>) {
        let columns = E::Column::iter().count().max(1);
        // SQLite takes 32,766 bound values a statement, PostgreSQL 65,535.
        let most = (16_000 / columns).clamp(1, 64);
        let mut rows = rows.into_iter();
        let mut left = rows.len();
        while left > 0 {
            let size = 1_usize << usize::BITS.saturating_sub(1 + left.min(most).leading_zeros());
            self.later(&E::insert_many(rows.by_ref().take(size)));
            left -= size;
        }
    }

    /// Notes what happened; it gets its number when the change is written.
    pub fn event(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Notes an event without effect on a lane's figures.
    pub fn note(&mut self, kind: EventKind, comment: Option<(CommentId, Lane)>, actor: Actor, data: serde_json::Value) {
        let at = self.now_ms();
        let (comment, lane) = comment.unzip();
        self.event(Event {
            seq: 0,
            at,
            kind,
            comment,
            lane,
            actor,
            data,
            moved: None,
        });
    }

    /// Takes the next `count` event numbers and returns the first.
    ///
    /// The counter's row is locked until commit: numbers therefore become visible in order, without holes, also with
    /// several instances on one PostgreSQL. A remembered number asks for no lock: should another process have taken it,
    /// the events, whose key it is, cannot be written.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn reserve(&mut self, count: i64) -> Result<i64, Error> {
        self.wrote = true;
        if let Some(numbers) = &mut self.numbers {
            numbers.last += count;
            return Ok(numbers.last - count + 1);
        }
        let sql = match self.backend {
            DbBackend::Sqlite => "UPDATE counter SET value = value + ? WHERE name = 'event' RETURNING value",
            _ => "UPDATE counter SET value = value + $1 WHERE name = 'event' RETURNING value",
        };
        let row = self
            .tx
            .query_one_raw(Statement::from_sql_and_values(self.backend, sql, [Value::from(count)]))
            .await?
            .ok_or_else(|| Error::inconsistent("the event counter is missing"))?;
        let last: i64 = row.try_get("", "value")?;
        self.numbers = Some(Numbers { written: last, last });
        Ok(last - count + 1)
    }

    /// Lets the counter say what was given out beyond it.
    fn write_numbers(&mut self) {
        let Some(Numbers { written, last }) = self.numbers.take_if(|numbers| numbers.last != numbers.written) else {
            return;
        };
        let sql = match self.backend {
            DbBackend::Sqlite => "UPDATE counter SET value = ? WHERE name = 'event' AND value = ?",
            _ => "UPDATE counter SET value = $1 WHERE name = 'event' AND value = $2",
        };
        let values = [Value::from(last), Value::from(written)];
        self.later
            .push(Statement::from_sql_and_values(self.backend, sql, values));
    }

    /// Writes what was put off.
    pub(crate) async fn write_later(&mut self) -> Result<(), Error> {
        for statement in together(self.backend, std::mem::take(&mut self.later)) {
            self.tx.execute_raw(statement).await?;
        }
        Ok(())
    }

    /// Whether anything was written since this was last asked.
    pub(crate) fn take_wrote(&mut self) -> bool {
        std::mem::take(&mut self.wrote)
    }

    /// Numbers and writes the events, commits, and gives what is to be published.
    pub(crate) async fn commit(mut self) -> Result<Vec<Event>, Error> {
        let unnumbered = self.events.iter().filter(|event| event.seq == 0).count();
        if unnumbered > 0 {
            let count = i64::try_from(unnumbered).unwrap_or(i64::MAX);
            let mut next = self.reserve(count).await?;
            for event in self.events.iter_mut().filter(|event| event.seq == 0) {
                event.seq = next;
                next += 1;
            }
        }
        let mut events = std::mem::take(&mut self.events);
        events.sort_by_key(|event| event.seq);
        self.insert_many::<event::Entity>(events.iter().map(row_of).collect());
        self.write_numbers();
        self.write_later().await?;
        self.tx.commit().await?;
        Ok(events)
    }

    /// Undoes everything.
    pub(crate) async fn roll_back(self) {
        if let Err(error) = self.tx.rollback().await {
            tracing::warn!(%error, "a transaction did not roll back");
        }
    }
}

/// Joins statements that follow each other where the database takes several in one text: SQLite binds values across them
/// in order, and each text costs a turn of its thread.
fn together(backend: DbBackend, statements: Vec<Statement>) -> Vec<Statement> {
    if backend != DbBackend::Sqlite {
        return statements;
    }
    let mut joined: Vec<Statement> = Vec::with_capacity(statements.len());
    let mut values_of_last = 0;
    for statement in statements {
        let values = statement.values.as_ref().map_or(0, |values| values.0.len());
        match joined.last_mut() {
            Some(last) if values_of_last + values <= JOINED_VALUES => {
                last.sql.push(';');
                last.sql.push_str(&statement.sql);
                let more = statement.values.into_iter().flat_map(|values| values.0);
                last.values.get_or_insert_with(|| Values(Vec::new())).0.extend(more);
                values_of_last += values;
            }
            _ => {
                joined.push(statement);
                values_of_last = values;
            }
        }
    }
    joined
}

fn row_of(event: &Event) -> event::ActiveModel {
    use sea_orm::ActiveValue::Set;
    event::ActiveModel {
        seq: Set(event.seq),
        at: Set(event.at),
        kind: Set(event.kind),
        comment_id: Set(event.comment),
        lane: Set(event.lane),
        actor: Set(Some(event.actor.to_string())),
        data: Set(event.data.to_string()),
    }
}
