//! The list of a lane as the desk shows it: what waits and what somebody has, in serving order.

use serde::Deserialize;

use super::own_path;
use crate::app::App;
use crate::clock;
use crate::domain::comment::CommentState;
use crate::domain::lane::Lane;
use crate::domain::platform::Platform;
use crate::domain::role::Right;
use crate::http::api::tags::narratives;
use crate::http::extract::Who;
use crate::http::problem::Problem;
use crate::lane::queue::{Cursor, Page, Wanted, page};
use crate::store::Error;
use crate::store::entity::comment;
use crate::view::model::card::card;
use crate::view::model::desk::{Empty, Hold, Pager, Queue};
use crate::view::model::{Choice, choices};
use crate::wire::html_read::near;

/// Cards on a page.
const CARDS: u64 = 50;
/// Most claimed comments shown among them.
const CLAIMED: u64 = 200;
/// States to choose from.
const STATES: &[CommentState] = &[
    CommentState::Open,
    CommentState::Claimed,
    CommentState::Escalated,
    CommentState::Decided,
    CommentState::Withdrawn,
];
/// Ages to choose from, with their minutes.
const AGES: &[(&str, i64)] = &[("5m", 5), ("15m", 15), ("1h", 60), ("4h", 240)];

/// What a desk address asks for. Fields of a form arrive empty when nothing is chosen.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    #[serde(default)]
    lane: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    platform: String,
    #[serde(default)]
    narrative: String,
    #[serde(default)]
    age: String,
    #[serde(default)]
    cursor: String,
    /// Search among the templates.
    #[serde(default)]
    pub find: String,
    /// A template to write with.
    #[serde(default)]
    pub template: String,
    /// Whether to show a heavy text.
    #[serde(default)]
    pub reveal: String,
}

/// The lane a viewer looks at: the one asked for, else where they work, else the first they speak.
#[must_use]
pub fn lane(app: &App, who: &Who, ask: &Ask, of_item: Option<Lane>) -> Lane {
    ask.lane
        .parse()
        .ok()
        .or(of_item)
        .or_else(|| who.lanes(app).first().copied())
        .or_else(|| who.person.as_ref()?.lanes.first().copied())
        .unwrap_or(Lane::Sv)
}

/// The list for a viewer; empty, with a way to check in, for somebody who may not see the lane now.
///
/// # Errors
/// 400 for a filter that is none, 503.
pub async fn queue(app: &App, who: &Who, ask: &Ask, lane: Lane, seq: i64) -> Result<Queue, Problem> {
    let now = clock::ms(app.clock.now());
    let state = word::<CommentState>(&ask.state)?.unwrap_or(CommentState::Open);
    let platform = word::<Platform>(&ask.platform)?;
    let narratives = narratives(app);
    let narrative = match ask.narrative.as_str() {
        "" => None,
        key if narratives.iter().any(|known| known == key) => Some(key),
        _ => return Err(Problem::bad_input("The filter holds a word the desk does not know.")),
    };
    let minutes = AGES
        .iter()
        .find(|(age, _)| *age == ask.age)
        .map(|(_, minutes)| *minutes);
    let after = match ask.cursor.as_str() {
        "" => None,
        cursor => {
            Some(Cursor::decode(cursor).ok_or_else(|| Problem::bad_input("The cursor is not one of this list."))?)
        }
    };
    let filtered = state != CommentState::Open
        || platform.is_some()
        || narrative.is_some()
        || minutes.is_some()
        || after.is_some();
    let wanted = Wanted {
        lane,
        state,
        label: narrative.map(str::to_owned),
        platform,
        before: minutes.map(|minutes| now - minutes * 60_000),
        limit: CARDS,
        after,
    };
    let sees = who.sees(app, lane);
    let found = if sees {
        list(app, &wanted).await?
    } else {
        Page {
            rows: Vec::new(),
            next: None,
        }
    };
    let near = near(app);
    let load = app.board.load(lane, now, app.config.lane.near_min);
    let here = format!("/desk?lane={lane}");
    Ok(Queue {
        lane,
        waiting: if sees { load.backlog } else { 0 },
        near: if sees { load.near } else { 0 },
        can_claim: who.rights.has(Right::WorkLane) && who.lanes(app).contains(&lane),
        filtered,
        lanes: lanes(app, who, lane),
        states: choices(STATES.iter().map(|one| one.as_str()), |word| word == state.as_str()),
        platforms: choices(Platform::ALL.iter().map(|one| one.as_str()), |word| {
            platform.is_some_and(|one| one.as_str() == word)
        }),
        narratives: choices(narratives.iter().map(String::as_str), |word| narrative == Some(word)),
        ages: choices(AGES.iter().map(|(age, _)| *age), |word| word == ask.age),
        hold: Hold {
            count: 0,
            href: own_path(&here).unwrap_or("/desk").to_owned(),
        },
        seq,
        cards: found.rows.iter().map(|row| card(row, &app.people, near)).collect(),
        empty: empty(app, who, lane, sees, now),
        pager: Pager {
            next: found.next.map(|next| next_page(ask, lane, &next)),
        },
    })
}

fn word<T: std::str::FromStr>(word: &str) -> Result<Option<T>, Problem> {
    match word {
        "" => Ok(None),
        word => word
            .parse()
            .map(Some)
            .map_err(|_| Problem::bad_input("The filter holds a word the desk does not know.")),
    }
}

/// What waits, and among it what somebody has: a claimed comment stays where it was.
///
/// # Errors
/// Any [`Error`].
pub async fn list(app: &App, wanted: &Wanted) -> Result<Page<comment::Model>, Error> {
    let mut found = page(app.db.reader(), wanted).await?;
    if wanted.state == CommentState::Open {
        let claimed = Wanted {
            state: CommentState::Claimed,
            limit: CLAIMED,
            ..wanted.clone()
        };
        let mut claimed = page(app.db.reader(), &claimed).await?.rows;
        if let Some(last) = found.rows.last().filter(|_| found.next.is_some()) {
            claimed.retain(|row| rank(row) < rank(last));
        }
        found.rows.extend(claimed);
        found.rows.sort_by_key(rank);
    }
    Ok(found)
}

/// The serving order as a value.
fn rank(row: &comment::Model) -> (bool, i64, i32, i64, crate::domain::id::CommentId) {
    (!row.urgent, row.due_at, -row.severity, row.opened_at, row.id)
}

/// The lanes a viewer can look at; those they speak when none.
fn lanes(app: &App, who: &Who, chosen: Lane) -> Vec<Choice> {
    choices(
        Lane::ALL
            .iter()
            .filter(|lane| **lane == chosen || who.sees(app, **lane))
            .map(|lane| lane.as_str()),
        |word| word == chosen.as_str(),
    )
}

fn empty(app: &App, who: &Who, lane: Lane, sees: bool, now: i64) -> Empty {
    if !sees {
        return Empty {
            id: "queue-empty",
            sentence: "claim-not-checked-in",
            checked_at: None,
            href: Some("/shifts/check-in".to_owned()),
            link: "shift-check-in",
        };
    }
    let other = Lane::ALL.iter().find(|other| **other != lane && who.sees(app, **other));
    Empty {
        id: "queue-empty",
        sentence: "empty-queue",
        checked_at: Some(now),
        href: other.map(|other| format!("/desk?lane={other}")),
        link: "empty-other-lane",
    }
}

fn next_page(ask: &Ask, lane: Lane, next: &Cursor) -> String {
    let mut path = format!("/desk?lane={lane}");
    // Each is a word checked before, so nothing needs to be encoded.
    for (name, value) in [
        ("state", &ask.state),
        ("platform", &ask.platform),
        ("narrative", &ask.narrative),
        ("age", &ask.age),
    ] {
        let known = value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !value.is_empty() && known {
            path.push_str(&format!("&{name}={value}"));
        }
    }
    path + "&cursor=" + &next.encode()
}
