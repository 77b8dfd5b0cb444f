//! Comments under videos, posts and statuses as most stand-ins keep them, with the switches that make them fail and
//! what they tell over a stream.

use std::collections::VecDeque;
use std::fmt::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::HttpResponse;
use chrono::{DateTime, NaiveDate, Utc};
use tokio::sync::broadcast;

use super::Clock;
use super::ground::{broken, escape, public_page, silent, switch_form, switched};

/// Changes that whoever calls late is still told of.
const REMEMBERED: usize = 2_000;

/// How a comment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The public sees it.
    Public,
    /// Held back.
    Hidden,
    /// A letter between two.
    Private,
    /// Gone for good.
    Gone,
}

/// A comment.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// The video it stands under.
    pub video: String,
    /// The comment at top level that it answers.
    pub parent: Option<String>,
    /// Who wrote it.
    pub author: String,
    /// Name shown.
    pub name: String,
    /// What it says.
    pub text: String,
    /// How it stands.
    pub standing: Standing,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// When its text was last changed.
    pub edited_at: DateTime<Utc>,
}

/// What goes wrong with one of the next calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing: it is the one after that goes wrong.
    Nothing,
    /// Takes effect, and the answer is lost.
    LoseAnswer,
    /// Takes effect, and the answer never comes.
    Silence,
    /// Too many calls: the platform's own answer for it.
    TooMany,
    /// A passing failure of the platform.
    Failing,
    /// An answer that is no page.
    Nonsense,
    /// The token is void, until another is given out.
    TokenVoid,
}

impl Trouble {
    /// What the caller gets instead of the answer to a call that took effect.
    pub(super) fn instead(self) -> Option<HttpResponse> {
        match self {
            Self::LoseAnswer => Some(broken()),
            Self::Silence => Some(silent()),
            Self::Nothing | Self::TooMany | Self::Failing | Self::Nonsense | Self::TokenVoid => None,
        }
    }
}

/// What happened on the platform, as far as a stream tells of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Change {
    /// Somebody wrote.
    Written(Entry),
    /// Somebody changed a text.
    Edited(Entry),
    /// It was deleted.
    Gone(Entry),
    /// The platform hangs up on everybody.
    HangUp,
}

/// A change, and when: microseconds since 1970, different for every change and rising.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Told {
    pub(super) at_us: i64,
    pub(super) change: Change,
}

/// The state of a stand-in.
pub(super) struct World {
    pub(super) entries: Vec<Entry>,
    pub(super) number: u64,
    pub(super) down: bool,
    pub(super) troubles: Vec<Trouble>,
    /// Tokens that are good.
    pub(super) token: String,
    /// Calls answered.
    pub(super) calls: u64,
    /// Units spent in the day.
    pub(super) units: u64,
    /// The day in which they were spent, where the platform counts by days.
    pub(super) day: Option<NaiveDate>,
    /// The last changes, oldest first.
    pub(super) told: VecDeque<Told>,
    /// Everybody who is on the line.
    pub(super) lines: broadcast::Sender<Told>,
}

/// What the routes of one stand-in share.
pub(super) struct Shared {
    world: Mutex<World>,
    pub(super) clock: Clock,
    /// Who the account is.
    pub(super) account: String,
    pub(super) name: &'static str,
}

impl Shared {
    pub(super) fn new(clock: Clock, account: &str, token: &str, name: &'static str) -> Arc<Self> {
        Arc::new(Self {
            world: Mutex::new(World {
                entries: Vec::new(),
                number: 0,
                down: false,
                troubles: Vec::new(),
                token: token.to_owned(),
                calls: 0,
                units: 0,
                day: None,
                told: VecDeque::new(),
                lines: broadcast::channel(REMEMBERED).0,
            }),
            clock,
            account: account.to_owned(),
            name,
        })
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// Switches the platform off, or on again; back to the page.
    pub(super) fn switch(&self) -> HttpResponse {
        let now = self.now();
        let mut world = self.world();
        let down = !world.down;
        world.set_down(now, down);
        switched()
    }

    /// The page that shows what the public sees.
    pub(super) fn page(&self) -> HttpResponse {
        let world = self.world();
        let mut videos: Vec<&str> = Vec::new();
        for entry in world.entries.iter().rev() {
            if !videos.contains(&entry.video.as_str()) {
                videos.push(&entry.video);
            }
        }
        let mut html = switch_form(world.down);
        for video in videos {
            // Writing to a String does not fail.
            let _ = write!(html, "<article><h2>{}</h2>", escape(video));
            let top = world.entries.iter().rev();
            for entry in top.filter(|entry| entry.video == video && entry.parent.is_none()) {
                show(&mut html, entry, "", &self.account);
                for reply in world
                    .entries
                    .iter()
                    .filter(|reply| reply.parent.as_ref() == Some(&entry.id))
                {
                    show(&mut html, reply, " reply", &self.account);
                }
            }
            html.push_str("</article>");
        }
        public_page(self.name, &html)
    }
}

impl World {
    pub(super) fn find(&mut self, id: &str) -> Option<&mut Entry> {
        self.entries
            .iter_mut()
            .find(|entry| entry.id == id && entry.standing != Standing::Gone)
    }

    /// Begins to count anew when the day is another.
    pub(super) fn count_in(&mut self, day: NaiveDate) {
        if self.day.replace(day).is_some_and(|before| before != day) {
            self.units = 0;
        }
    }

    /// Tells everybody who is on the line.
    pub(super) fn tell(&mut self, now: DateTime<Utc>, change: Change) {
        let last = self.told.back().map_or(i64::MIN, |told| told.at_us);
        let at_us = now.timestamp_micros().max(last.saturating_add(1));
        let told = Told { at_us, change };
        if told.change != Change::HangUp {
            self.told.push_back(told.clone());
            if self.told.len() > REMEMBERED {
                self.told.pop_front();
            }
        }
        // Nobody needs to be on the line.
        let _ = self.lines.send(told);
    }

    /// Off: answers nobody, and is on no line.
    pub(super) fn set_down(&mut self, now: DateTime<Utc>, down: bool) {
        self.down = down;
        if down {
            self.tell(now, Change::HangUp);
        }
    }

    /// The next trouble, if any is due.
    pub(super) fn trouble(&mut self) -> Option<Trouble> {
        if self.troubles.is_empty() {
            None
        } else {
            Some(self.troubles.remove(0))
        }
    }
}

fn show(html: &mut String, entry: &Entry, level: &str, account: &str) {
    let own = if entry.author == account { " own" } else { "" };
    let (hidden, word) = match entry.standing {
        Standing::Public => ("", ""),
        Standing::Hidden => (" hidden", " · held back"),
        Standing::Private | Standing::Gone => return,
    };
    // Writing to a String does not fail.
    let _ = write!(
        html,
        "<div class=\"comment{level}{own}{hidden}\" id=\"c{}\"><small><bdi>{}</bdi> · {}{word}</small>\
         <p dir=\"auto\">{}</p></div>",
        escape(&entry.id),
        escape(&entry.name),
        entry.at.format("%H:%M:%S"),
        escape(&entry.text),
    );
}

/// What tests and the demonstration do with such a stand-in, whichever platform it speaks for.
pub struct Hand {
    pub(super) shared: Arc<Shared>,
    pub(super) id: fn(number: u64, parent: Option<&str>) -> String,
}

impl Hand {
    /// Somebody of the public writes. Gives the comment's id.
    pub fn write(&self, video: &str, parent: Option<&str>, name: &str, text: &str) -> String {
        self.write_as(Standing::Public, video, parent, name, text)
    }

    /// The same, standing otherwise from the first.
    pub fn write_as(&self, standing: Standing, video: &str, parent: Option<&str>, name: &str, text: &str) -> String {
        let now = self.shared.now();
        let mut world = self.shared.world();
        world.number += 1;
        let id = (self.id)(world.number, parent);
        let entry = Entry {
            id: id.clone(),
            video: video.to_owned(),
            parent: parent.map(str::to_owned),
            author: format!("public-{name}"),
            name: name.to_owned(),
            text: text.to_owned(),
            standing,
            at: now,
            edited_at: now,
        };
        world.entries.push(entry.clone());
        world.tell(now, Change::Written(entry));
        id
    }

    /// Comments are numbered from here, so that they are not taken for those of an earlier start.
    pub fn number_from(&self, first: u64) {
        self.shared.world().number = first;
    }

    /// Puts back a comment of an earlier start.
    pub fn restore(&self, entry: Entry) {
        self.shared.world().entries.push(entry);
    }

    /// The author changes the text.
    pub fn edit(&self, id: &str, text: &str) {
        let now = self.shared.now();
        let mut world = self.shared.world();
        let Some(entry) = world.find(id) else { return };
        text.clone_into(&mut entry.text);
        entry.edited_at = now;
        let entry = entry.clone();
        world.tell(now, Change::Edited(entry));
    }

    /// It is deleted, or hidden, or shown, in the platform's own app.
    pub fn put(&self, id: &str, standing: Standing) {
        let now = self.shared.now();
        let mut world = self.shared.world();
        let Some(entry) = world.find(id) else { return };
        entry.standing = standing;
        if standing == Standing::Gone {
            let entry = entry.clone();
            world.tell(now, Change::Gone(entry));
        }
    }

    /// Everything that stands there now, oldest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.shared.world().entries.clone()
    }

    /// What the account says under a comment.
    #[must_use]
    pub fn replies(&self, parent: &str) -> Vec<Entry> {
        let account = &self.shared.account;
        let world = self.shared.world();
        let under = world
            .entries
            .iter()
            .filter(|entry| entry.parent.as_deref() == Some(parent));
        under.filter(|entry| entry.author == *account).cloned().collect()
    }

    /// Switches the platform off or on again: while it is off it answers 503 to everything.
    pub fn set_down(&self, down: bool) {
        let now = self.shared.now();
        self.shared.world().set_down(now, down);
    }

    /// Hangs up on everybody who is on the line.
    pub fn hang_up(&self) {
        let now = self.shared.now();
        self.shared.world().tell(now, Change::HangUp);
    }

    /// How many are on the line.
    #[must_use]
    pub fn listeners(&self) -> usize {
        self.shared.world().lines.receiver_count()
    }

    /// Makes the next call go wrong; several make the next ones.
    pub fn next(&self, trouble: Trouble) {
        self.shared.world().troubles.push(trouble);
    }

    /// Calls answered so far.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.shared.world().calls
    }

    /// Units spent today, where the platform counts them.
    #[must_use]
    pub fn units(&self) -> u64 {
        self.shared.world().units
    }
}
