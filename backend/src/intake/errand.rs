//! One errand: taken, read page after page until nothing is new, written down.

use std::collections::HashSet;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::budget::{self, Day, Left, Spend, Want};
use super::row::{Finish, Take, change};
use super::{CHECK, LEASE_MS, Read, check, compare, ties, token};
use crate::app::App;
use crate::clock;
use crate::connector::ParseError;
use crate::connector::reading::{Advert, Deeper, Untold};
use crate::delivery::take_apart::{keep_page, keep_unreadable};
use crate::store::Error;
use crate::store::entity::errand;

/// Pages followed at most; a platform that goes on for ever must not hold the others up.
const MOST_PAGES: usize = 200;
/// How deep things to read stand in others: an account's posts, their comments, the replies of each.
const DEEPEST: usize = 2;
/// Longest pause after failures, also of what is read once a day only.
const LONGEST_PAUSE: TimeDelta = TimeDelta::minutes(15);
/// Pause of a platform that does not answer.
const PROBE_PAUSE: TimeDelta = TimeDelta::seconds(30);
/// What is closed or gone is asked for again after this.
const GONE_PAUSE: TimeDelta = TimeDelta::days(1);
/// Longest message kept.
const LONGEST_MESSAGE: usize = 500;

/// What reading came to so far.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) units: i64,
    pub(super) new: usize,
    deeper: Vec<(String, String)>,
    adverts: Vec<Advert>,
}

/// Why reading ended early.
pub(super) enum Ended {
    Untold(Untold),
    Store(Error),
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl From<Untold> for Ended {
    fn from(untold: Untold) -> Self {
        Self::Untold(untold)
    }
}

/// Does one errand, if nobody else has it.
pub(super) async fn run(app: &App, read: &Read, row: errand::Model) -> Result<(), Error> {
    let take = Take {
        row: row.clone(),
        until: clock::ms(app.clock.now()) + LEASE_MS,
    };
    if !change(app, take).await? {
        return Ok(());
    }
    let began = app.clock.now();
    let mut reading = Reading::default();
    let ended = match affords(app, read, began).await? {
        true => go(app, read, &row, began, &mut reading).await,
        false => Err(Ended::Untold(Untold::new(
            "quota-spent",
            "what is left of the day's calls is kept for answers",
        ))),
    };
    let failed = match ended {
        Ok(()) => None,
        Err(Ended::Untold(untold)) => Some(untold),
        // Its lease ends and it comes again.
        Err(Ended::Store(error)) => return Err(error),
    };
    if let Some(untold) = &failed
        && untold.code == "token-expired"
    {
        token::renew_or_ask(app, &read.connected, untold).await?;
    }
    let row = after(app, read, row, &reading, failed, began).await?;
    let spend = Spend::reading(&read.connected, reading.units, began);
    let deeper = reading.deeper;
    change(app, Finish { row, spend, deeper }).await
}

async fn go(
    app: &App,
    read: &Read,
    row: &errand::Model,
    began: DateTime<Utc>,
    reading: &mut Reading,
) -> Result<(), Ended> {
    if row.key == CHECK {
        return check::run(app, read, began, reading).await;
    }
    let errands = read.errands();
    let back = errands
        .iter()
        .find(|errand| errand.key == row.key)
        .and_then(|errand| errand.back);
    let until = match back.and_then(|back| TimeDelta::from_std(back).ok()) {
        Some(back) => Until::Oldest(began - back),
        None => row.last_ok_at.map_or(Until::End, |at| Until::Known(clock::from_ms(at))),
    };
    let mut deeper = follow(app, read, &row.key, until, began, reading).await?;
    // Before what they show is read: its comments then know at once what they stand under.
    ties::tie(app, &read.connected.name, std::mem::take(&mut reading.adverts)).await?;
    for _ in 0..DEEPEST {
        for one in unread(app, read, std::mem::take(&mut deeper)).await? {
            let until = if one.version.is_some() { Until::End } else { until };
            match follow(app, read, &one.key, until, began, reading).await {
                Ok(found) => deeper.extend(found),
                // Named by a list a moment ago and gone since: the others are read all the same.
                Err(Ended::Untold(untold)) if untold.code == "gone" => continue,
                Err(ended) => return Err(ended),
            }
            if let Some(version) = one.version {
                reading.deeper.push((one.key, version));
            }
        }
    }
    Ok(())
}

/// How far pages are read.
#[derive(Debug, Clone, Copy)]
enum Until {
    /// All of them.
    End,
    /// To one that has nothing new and reaches back before this.
    Known(DateTime<Utc>),
    /// To one that reaches back before this.
    Oldest(DateTime<Utc>),
}

impl Until {
    fn is_reached(self, page: &TakenIn) -> bool {
        // A page may come empty with more to follow, and one that names what to read says nothing of how far back it is.
        if page.ids.is_empty() {
            return false;
        }
        let reaches = |at| page.oldest.is_none_or(|oldest| oldest < at);
        match self {
            Self::End => false,
            Self::Known(at) => page.new == 0 && reaches(at),
            Self::Oldest(at) => reaches(at),
        }
    }
}

/// Reads pages one after the other.
async fn follow(
    app: &App,
    read: &Read,
    key: &str,
    until: Until,
    began: DateTime<Utc>,
    reading: &mut Reading,
) -> Result<Vec<Deeper>, Ended> {
    let account = &read.connected.account;
    let mut deeper = Vec::new();
    let mut asked: HashSet<String> = HashSet::new();
    let mut next: Option<String> = None;
    for _ in 0..MOST_PAGES {
        reading.units += 1;
        let body = read.reader.page(account, key, next.as_deref(), began).await?;
        let listing = take_in(app, read, key, body, began, reading).await?;
        let reached = until.is_reached(&listing);
        deeper.extend(listing.deeper);
        match listing.next {
            Some(page) if !reached => {
                if !asked.insert(page.clone()) {
                    return Err(Untold::new("invalid", "the platform's pages go round in a circle").into());
                }
                next = Some(page);
            }
            _ => return Ok(deeper),
        }
    }
    Err(Untold::new("invalid", format!("more than {MOST_PAGES} pages")).into())
}

/// What a page that was taken in told.
pub(super) struct TakenIn {
    pub(super) ids: Vec<String>,
    next: Option<String>,
    deeper: Vec<Deeper>,
    oldest: Option<DateTime<Utc>>,
    new: usize,
    pub(super) ignored: usize,
}

/// Takes a page apart, and what is new of it into the desk.
pub(super) async fn take_in(
    app: &App,
    read: &Read,
    key: &str,
    body: String,
    began: DateTime<Utc>,
    reading: &mut Reading,
) -> Result<TakenIn, Ended> {
    let connected = &read.connected;
    let listing = match read.reader.take_apart(&connected.account, key, &body, began) {
        Ok(listing) => listing,
        Err(ParseError::Unreadable(why) | ParseError::Foreign(why)) => {
            keep_unreadable(app, connected, Bytes::from(body), &why).await?;
            return Err(Untold::new("invalid", format!("a page cannot be read: {why}")).into());
        }
    };
    let oldest = listing.comments.iter().filter_map(|seen| seen.comment.created_at).min();
    let ids = listing
        .comments
        .iter()
        .map(|seen| seen.comment.external_id.clone())
        .collect();
    let news = compare::news(app, &connected.name, listing.comments, began).await?;
    let new = news.len();
    if new > 0 {
        keep_page(app, connected, Bytes::from(body), news, listing.ignored).await?;
    } else if listing.ignored > 0 {
        keep_unreadable(app, connected, Bytes::from(body), "parts of the page cannot be read").await?;
    }
    reading.new += new;
    reading.adverts.extend(listing.adverts);
    Ok(TakenIn {
        ids,
        next: listing.next,
        deeper: listing.deeper,
        oldest,
        new,
        ignored: listing.ignored,
    })
}

/// Those that have more to read than the last time.
async fn unread(app: &App, read: &Read, deeper: Vec<Deeper>) -> Result<Vec<Deeper>, Error> {
    if deeper.is_empty() {
        return Ok(deeper);
    }
    let known: HashSet<(String, Option<String>)> = errand::Entity::find()
        .filter(errand::Column::Connector.eq(&*read.connected.name))
        .filter(errand::Column::Key.is_in(deeper.iter().map(|one| one.key.as_str())))
        .all(app.db.reader())
        .await?
        .into_iter()
        .map(|row| (row.key, row.cursor))
        .collect();
    Ok(deeper
        .into_iter()
        .filter(|one| one.version.is_none() || !known.contains(&(one.key.clone(), one.version.clone())))
        .collect())
}

/// Whether reading may still spend today.
async fn affords(app: &App, read: &Read, now: DateTime<Utc>) -> Result<bool, Error> {
    let Some(daily) = read.reader.daily(&read.connected.account) else {
        return Ok(true);
    };
    let day = Day::of(&daily, now);
    Ok(budget::left_today(app, &read.connected.name, &daily, &day)
        .await?
        .reading
        > 0)
}

/// The errand's row after it was done or failed.
pub(super) async fn after(
    app: &App,
    read: &Read,
    mut row: errand::Model,
    reading: &Reading,
    failed: Option<Untold>,
    began: DateTime<Utc>,
) -> Result<errand::Model, Error> {
    let hours = (began - clock::from_ms(row.last_ok_at.unwrap_or(row.created_at))).as_seconds_f64() / 3_600.0;
    let every = every(app, read, &row.key, began).await?;
    row.every_ms = every.num_milliseconds();
    let Some(untold) = failed else {
        row.activity = budget::of_late(row.activity, reading.new, hours);
        row.last_ok_at = Some(clock::ms(began));
        row.failures = 0;
        row.last_error = None;
        row.due_at = clock::ms(began + every);
        return Ok(row);
    };
    row.failures = row.failures.saturating_add(1);
    row.last_error = Some(
        format!("{}: {}", untold.code, untold.message)
            .chars()
            .take(LONGEST_MESSAGE)
            .collect(),
    );
    let doubled = every * 2_i32.saturating_pow(u32::try_from(row.failures.min(10)).unwrap_or(0));
    let pause = match untold.code {
        "gone" => GONE_PAUSE,
        "quota-spent" => read
            .reader
            .daily(&read.connected.account)
            .map_or(LONGEST_PAUSE, |daily| Day::of(&daily, began).ends - began),
        // Renewed already, or waiting for a person.
        "token-expired" => every.min(LONGEST_PAUSE),
        // Calling while throttled lengthens the wait.
        "rate-limited" => doubled.min(LONGEST_PAUSE),
        // A platform that comes back is to be seen again soon.
        _ => doubled.min(PROBE_PAUSE.max(every * 2)).min(LONGEST_PAUSE),
    };
    let asked = untold
        .after
        .and_then(|after| TimeDelta::from_std(after).ok())
        .unwrap_or_default();
    row.due_at = clock::ms(began + pause.max(asked));
    Ok(row)
}

/// How often an errand is read now: as often as it may be, or as the platform's budget allows.
async fn every(app: &App, read: &Read, key: &str, now: DateTime<Utc>) -> Result<TimeDelta, Error> {
    let errands = read.errands();
    let floor = errands
        .iter()
        .find(|errand| errand.key == key)
        .map_or(Duration::from_secs(600), |errand| errand.every);
    let floor = TimeDelta::from_std(floor).unwrap_or(LONGEST_PAUSE);
    let Some(daily) = read.reader.daily(&read.connected.account) else {
        return Ok(floor);
    };
    let day = Day::of(&daily, now);
    let left = budget::left_today(app, &read.connected.name, &daily, &day).await?;
    let planned = planned(app, read, &left, day.seconds_left(now)).await?;
    Ok(planned
        .into_iter()
        .find(|(one, _)| one == key)
        .map_or(floor, |(_, every)| every))
}

/// The plan of a connector with a budget: each errand and how often it is read, for the rest of the day.
pub(super) async fn planned(
    app: &App,
    read: &Read,
    left: &Left,
    seconds: f64,
) -> Result<Vec<(String, TimeDelta)>, Error> {
    let rows = errand::Entity::find()
        .filter(errand::Column::Connector.eq(&*read.connected.name))
        .filter(errand::Column::DueAt.lt(i64::MAX))
        .all(app.db.reader())
        .await?;
    let errands = read.errands();
    let wants: Vec<Want> = errands
        .iter()
        .map(|errand| Want {
            cost: f64::from(errand.cost),
            activity: rows
                .iter()
                .find(|row| row.key == errand.key)
                .map_or(0.0, |row| row.activity as f64 / 1_000.0),
            floor: errand.every.as_secs_f64(),
        })
        .collect();
    let intervals = budget::intervals(&wants, left.reading as f64, seconds);
    Ok(errands
        .into_iter()
        .zip(intervals)
        .map(|(errand, interval)| {
            let every = TimeDelta::from_std(Duration::from_secs_f64(interval)).unwrap_or(LONGEST_PAUSE);
            (errand.key, every)
        })
        .collect())
}
