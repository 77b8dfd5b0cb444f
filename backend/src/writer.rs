//! The one writer: takes whatever waits, runs it in one transaction, commits once, then answers everybody.
//!
//! A pool of writers on SQLite has a 99th percentile of 34 ms, one writer with group commit of 2 (decision 0002).

use std::sync::Arc;

use futures_util::future::BoxFuture;
use sea_orm::DbBackend;
use tokio::sync::{mpsc, oneshot};

use crate::change::{Change, Event, Failure, Step, Update};
use crate::clock::Clock;
use crate::delivery::arrival::{self, Arrival, Stored};
use crate::domain::id::IdMaker;
use crate::store::entity::comment;
use crate::store::{Db, Error};

/// Most that is committed together. Larger groups only make the first wait longer.
const GROUP: usize = 256;

/// Called with each committed group of events, before the callers are answered, so that they read their own writes.
pub type Published = Box<dyn Fn(&[Event]) + Send + Sync>;

/// A handle to the writer; clones share it.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Item>,
}

enum Item {
    Step(Box<dyn AnyStep>),
    Arrival(Arrival, oneshot::Sender<Result<Vec<Stored>, Error>>),
}

impl Writer {
    /// Starts the writer. It ends when every handle is dropped and what waited is written.
    pub fn start(
        db: Db,
        clock: Arc<dyn Clock>,
        ids: Arc<IdMaker>,
        published: Published,
    ) -> (Self, impl Future<Output = ()> + Send) {
        let (queue, waiting) = mpsc::channel(4096);
        (
            Self { queue },
            write(
                Desk {
                    db,
                    clock,
                    ids,
                    published,
                },
                waiting,
            ),
        )
    }

    /// Makes a change and waits until it is durable.
    ///
    /// # Errors
    /// What the step refuses, or why the database could not.
    pub async fn change<S: Step>(&self, step: S) -> Result<S::Out, Failure<S::Refusal>> {
        let (reply, answer) = oneshot::channel();
        let item = Item::Step(Box::new(Pending {
            step,
            outcome: None,
            reply,
        }));
        self.queue.send(item).await.map_err(|_| stopping())?;
        answer.await.map_err(|_| stopping())?
    }

    /// Stores what a delivery says and waits until it is durable.
    ///
    /// # Errors
    /// Why the database could not.
    pub async fn arrive(&self, arrival: Arrival) -> Result<Vec<Stored>, Error> {
        let (reply, answer) = oneshot::channel();
        self.queue
            .send(Item::Arrival(arrival, reply))
            .await
            .map_err(|_| stopping())?;
        answer.await.map_err(|_| stopping())?
    }
}

/// Runs the writer beside everything else.
///
/// On SQLite it has a thread and a scheduler of its own: each statement is a message to the driver's thread and back, and
/// waking a shared scheduler for each of them costs more than the statement. PostgreSQL's connections belong to the
/// runtime that opened them.
///
/// # Errors
/// The thread cannot be started.
pub fn run(backend: DbBackend, writing: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    if backend != DbBackend::Sqlite {
        tokio::spawn(writing);
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new()
        .name("writer".into())
        .spawn(move || runtime.block_on(writing))?;
    Ok(())
}

fn stopping() -> Error {
    Error::Unavailable("the desk is stopping".into())
}

struct Desk {
    db: Db,
    clock: Arc<dyn Clock>,
    ids: Arc<IdMaker>,
    published: Published,
}

async fn write(desk: Desk, mut waiting: mpsc::Receiver<Item>) {
    let mut group = Vec::with_capacity(GROUP);
    while waiting.recv_many(&mut group, GROUP).await > 0 {
        match run_group(&desk, &mut group).await {
            Ok(stored) => settle(&mut group, stored),
            Err(Failed::Away(error)) => refuse(&mut group, &error),
            Err(Failed::Inside(error)) if group.len() == 1 => refuse(&mut group, &error),
            Err(Failed::Inside(error)) => {
                tracing::debug!(%error, waiting = group.len(), "a group failed and is run one by one");
                one_by_one(&desk, &mut group).await;
            }
        }
    }
}

async fn one_by_one(desk: &Desk, group: &mut Vec<Item>) {
    let mut away = None;
    for item in group.drain(..) {
        let mut alone = vec![item];
        if let Some(error) = &away {
            refuse(&mut alone, error);
            continue;
        }
        match run_group(desk, &mut alone).await {
            Ok(stored) => settle(&mut alone, stored),
            Err(Failed::Inside(error)) => refuse(&mut alone, &error),
            Err(Failed::Away(error)) => {
                refuse(&mut alone, &error);
                away = Some(error);
            }
        }
    }
}

/// How a group failed.
enum Failed {
    /// For a reason that lies in one of its items; the others may do without it.
    Inside(Error),
    /// The database cannot be had. Every try takes seconds, so nobody in the group gets one of their own.
    Away(Error),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        match error {
            Error::Unavailable(_) => Self::Away(error),
            Error::Conflict(_) | Error::Busy(_) | Error::Inconsistent(_) => Self::Inside(error),
        }
    }
}

/// Runs a group in one transaction. Arrivals go together in one bulk write, then what steps begin with, then the steps.
async fn run_group(desk: &Desk, group: &mut [Item]) -> Result<Vec<Vec<Stored>>, Failed> {
    let tx = desk.db.begin().await.map_err(Failed::Away)?;
    let mut change = Change::new(tx, desk.clock.now(), Arc::clone(&desk.ids));
    match run_in(&mut change, group).await {
        Ok(Ran::Through(stored)) => {
            let events = change.commit().await?;
            (desk.published)(&events);
            Ok(stored)
        }
        Ok(Ran::RefusedHalfway) if group.len() == 1 => {
            change.roll_back().await;
            Ok(Vec::new())
        }
        Ok(Ran::RefusedHalfway) => {
            change.roll_back().await;
            Err(Error::Busy("a step refused after it had written".into()).into())
        }
        Err(error) => {
            change.roll_back().await;
            Err(error.into())
        }
    }
}

enum Ran {
    Through(Vec<Vec<Stored>>),
    /// A step refused after it had written: its first half must not stay in the transaction.
    RefusedHalfway,
}

async fn run_in(change: &mut Change, group: &mut [Item]) -> Result<Ran, Error> {
    let arrivals: Vec<&Arrival> = group
        .iter()
        .filter_map(|item| match item {
            Item::Arrival(arrival, _) => Some(arrival),
            Item::Step(_) => None,
        })
        .collect();
    let stored = if arrivals.is_empty() {
        Vec::new()
    } else {
        arrival::write(change, &arrivals).await?
    };
    change.write_later().await?;
    let beginnings = beginnings(group, change.now_ms());
    let mut ahead = run_ahead(change, beginnings).await?.into_iter();
    for item in group.iter_mut() {
        if let Item::Step(step) = item {
            change.hand(ahead.next().flatten());
            change.take_wrote();
            let refused = step.run(change).await?;
            if refused && change.take_wrote() {
                return Ok(Ran::RefusedHalfway);
            }
            change.write_later().await?;
        }
    }
    Ok(Ran::Through(stored))
}

/// What each step of a group begins with, if it begins with an update.
fn beginnings(group: &[Item], now_ms: i64) -> Vec<Option<Update>> {
    let steps = group.iter().filter_map(|item| match item {
        Item::Step(step) => Some(step),
        Item::Arrival(..) => None,
    });
    steps.map(|step| step.ahead(now_ms)).collect()
}

/// Runs what several steps begin with together; for each step the rows it changed.
async fn run_ahead(
    change: &mut Change,
    beginnings: Vec<Option<Update>>,
) -> Result<Vec<Option<Vec<comment::Model>>>, Error> {
    let begins: Vec<bool> = beginnings.iter().map(Option::is_some).collect();
    let updates: Vec<Update> = beginnings.into_iter().flatten().collect();
    if updates.len() < 2 {
        return Ok(Vec::new());
    }
    let mut changed = change.update_each(updates).await?.into_iter();
    let mut rows = Vec::with_capacity(begins.len());
    for begins in begins {
        rows.push(if begins { changed.next() } else { None });
    }
    Ok(rows)
}

fn settle(group: &mut Vec<Item>, stored: Vec<Vec<Stored>>) {
    let mut stored = stored.into_iter();
    for item in group.drain(..) {
        match item {
            Item::Step(step) => step.settle(None),
            Item::Arrival(_, reply) => {
                let _ = reply.send(
                    stored
                        .next()
                        .ok_or_else(|| Error::inconsistent("an arrival without outcome")),
                );
            }
        }
    }
}

fn refuse(group: &mut Vec<Item>, error: &Error) {
    for item in group.drain(..) {
        match item {
            Item::Step(step) => step.settle(Some(error.clone())),
            Item::Arrival(_, reply) => {
                let _ = reply.send(Err(error.clone()));
            }
        }
    }
}

trait AnyStep: Send {
    fn ahead(&self, now_ms: i64) -> Option<Update>;
    /// Runs it; whether a rule refused it.
    fn run<'a>(&'a mut self, change: &'a mut Change) -> BoxFuture<'a, Result<bool, Error>>;
    fn settle(self: Box<Self>, failed: Option<Error>);
}

struct Pending<S: Step> {
    step: S,
    outcome: Option<Result<S::Out, S::Refusal>>,
    reply: oneshot::Sender<Result<S::Out, Failure<S::Refusal>>>,
}

impl<S: Step> AnyStep for Pending<S> {
    fn ahead(&self, now_ms: i64) -> Option<Update> {
        self.step.ahead(now_ms)
    }

    fn run<'a>(&'a mut self, change: &'a mut Change) -> BoxFuture<'a, Result<bool, Error>> {
        Box::pin(async move {
            match self.step.run(change).await {
                Ok(out) => {
                    self.outcome = Some(Ok(out));
                    Ok(false)
                }
                Err(Failure::Refused(refusal)) => {
                    self.outcome = Some(Err(refusal));
                    Ok(true)
                }
                Err(Failure::Store(error)) => Err(error),
            }
        })
    }

    fn settle(self: Box<Self>, failed: Option<Error>) {
        let answer = match (failed, self.outcome) {
            (Some(error), _) => Err(Failure::Store(error)),
            (None, Some(Ok(out))) => Ok(out),
            (None, Some(Err(refusal))) => Err(Failure::Refused(refusal)),
            (None, None) => Err(Failure::Store(Error::inconsistent("a step without outcome"))),
        };
        let _ = self.reply.send(answer);
    }
}
