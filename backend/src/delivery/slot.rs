//! One comment while a group of deliveries is applied to it: as stored, as it becomes, and what is to be told.

use serde_json::json;

use super::arrival::{Arrival, Part, Tagged};
use crate::clock;
use crate::connector::{CommentEvent, Happened};
use crate::domain::comment::{CommentState, Move, Presence, Visibility};
use crate::domain::event::EventKind;
use crate::domain::id::CommentId;
use crate::domain::lane::Lane;
use crate::domain::tag::TagSource;
use crate::lane::item::tags_of;
use crate::store::entity::{comment, revision};

/// A comment in the making.
#[derive(Debug, Default)]
pub(super) struct Slot {
    /// As it is now.
    pub row: Option<comment::Model>,
    /// Not stored yet.
    pub is_new: bool,
    /// Differs from what is stored.
    pub is_changed: bool,
    /// Texts it had before.
    pub earlier: Vec<revision::Model>,
}

/// A lane and a state in it.
type Place = (Lane, CommentState);

/// What is to be told of one change.
#[derive(Debug)]
pub(super) struct Effect {
    pub kind: EventKind,
    pub lane: Lane,
    pub moved: Option<(Option<Place>, Place)>,
    pub opened_at: i64,
    pub due_at: i64,
    pub left: Option<(i64, i64)>,
    pub arrived: bool,
    pub data: serde_json::Value,
}

impl Slot {
    pub(super) fn of(row: comment::Model) -> Self {
        Self {
            row: Some(row),
            ..Self::default()
        }
    }

    /// Whether the comment stands under this post and is not gone.
    pub(super) fn stands_under(&self, connector: &str, post: &str) -> bool {
        self.row.as_ref().is_some_and(|row| {
            row.connector == connector && row.post.as_deref() == Some(post) && row.state != CommentState::Withdrawn
        })
    }

    /// Whether the comment was written by this author and is not gone.
    pub(super) fn is_by(&self, connector: &str, author: &str) -> bool {
        self.row.as_ref().is_some_and(|row| {
            row.connector == connector
                && row.author_id.as_deref() == Some(author)
                && row.state != CommentState::Withdrawn
        })
    }

    /// Applies one event; what is to be told of it, if it changed anything.
    pub(super) fn apply(
        &mut self,
        arrival: &Arrival,
        part: &Part,
        event: &CommentEvent,
        now: i64,
        fresh: impl FnOnce() -> CommentId,
    ) -> Option<Effect> {
        match (event.what, &self.row) {
            (Happened::Added | Happened::Edited, None) => {
                let row = first_seen(arrival, part, event, fresh(), now);
                self.is_new = true;
                self.enter(row, part, event, now)
            }
            (Happened::Added | Happened::Edited, Some(row)) if row.presence == Presence::Awaited => {
                let row = row.clone();
                self.is_changed = true;
                self.enter(row, part, event, now)
            }
            (Happened::Added, Some(row)) if event.own && !row.own => self.own(),
            (Happened::Added, Some(_)) => self.name(event),
            (Happened::Edited, Some(_)) => self.edit(part, event, now),
            (Happened::Removed, None) => {
                let mut row = first_seen(arrival, part, event, fresh(), now);
                row.state = CommentState::Withdrawn;
                self.await_with(row, EventKind::CommentWithdrawn)
            }
            (Happened::Removed, Some(_)) => self.withdraw("removed"),
            (Happened::Hidden | Happened::Shown, None) => {
                let mut row = first_seen(arrival, part, event, fresh(), now);
                row.visibility = visibility(event.what);
                row.visibility_at = clock::ms(event.at);
                // Until the comment itself arrives it is in no lane.
                row.state = CommentState::Decided;
                self.await_with(row, EventKind::CommentVisibility)
            }
            (Happened::Hidden | Happened::Shown, Some(_)) => self.show(event),
        }
    }

    /// The comment itself has arrived: into its lane, unless it is gone or our own.
    fn enter(&mut self, mut row: comment::Model, part: &Part, event: &CommentEvent, now: i64) -> Option<Effect> {
        let gone = row.state == CommentState::Withdrawn || part.post.as_ref().is_some_and(|post| post.removed);
        row.presence = Presence::Known;
        row.text.clone_from(&event.text);
        row.text_at = clock::ms(event.at);
        row.attachments =
            (!event.attachments.is_empty()).then(|| serde_json::to_string(&event.attachments).unwrap_or_default());
        if let Some(author) = &event.author {
            row.author_id.clone_from(&author.id);
            row.author_handle.clone_from(&author.handle);
            row.author_name.clone_from(&author.name);
        }
        row.own = event.own;
        row.written_at = clock::ms(event.created_at.unwrap_or(event.at));
        row.opened_at = now;
        set_tags(&mut row, part.tagged.as_ref());
        row.state = match (gone, event.own) {
            (true, _) => CommentState::Withdrawn,
            (false, true) => CommentState::Decided,
            (false, false) => CommentState::Open,
        };
        let effect = Effect {
            kind: match row.state {
                CommentState::Open => EventKind::CommentOpen,
                CommentState::Decided => EventKind::CommentSent,
                _ => EventKind::CommentWithdrawn,
            },
            lane: row.lane,
            moved: Some((None, (row.lane, row.state))),
            opened_at: row.opened_at,
            due_at: row.due_at,
            left: None,
            arrived: row.state == CommentState::Open,
            data: json!({ "platform": row.platform, "own": row.own }),
        };
        self.row = Some(row);
        Some(effect)
    }

    /// It turns out that the account itself wrote it, under a name that nobody knew it by.
    fn own(&mut self) -> Option<Effect> {
        let row = self.row.as_mut()?;
        let from = (row.lane, row.state);
        row.own = true;
        self.is_changed = !self.is_new;
        row.state = row.state.after(Move::Own).ok()?;
        row.claimed_by = None;
        row.claimed_until = None;
        Some(Effect {
            kind: EventKind::CommentSent,
            lane: row.lane,
            moved: Some((Some(from), (row.lane, row.state))),
            opened_at: row.opened_at,
            due_at: row.due_at,
            left: None,
            arrived: false,
            data: json!({ "platform": row.platform, "own": true }),
        })
    }

    /// Who wrote it, where that was not told before: some deliveries leave it out (Instagram, comments without `username`).
    fn name(&mut self, event: &CommentEvent) -> Option<Effect> {
        let author = event.author.as_ref()?;
        let row = self.row.as_mut().filter(|row| {
            let unnamed = row.author_handle.is_none() && row.author_name.is_none();
            unnamed && author.names(row.author_id.as_deref())
        })?;
        row.author_id = row.author_id.take().or_else(|| author.id.clone());
        row.author_handle.clone_from(&author.handle);
        row.author_name.clone_from(&author.name);
        self.is_changed = !self.is_new;
        Some(Effect {
            kind: EventKind::CommentNamed,
            lane: row.lane,
            moved: None,
            opened_at: row.opened_at,
            due_at: row.due_at,
            left: None,
            arrived: false,
            data: json!({}),
        })
    }

    /// Remembers something about a comment that has not arrived.
    fn await_with(&mut self, row: comment::Model, kind: EventKind) -> Option<Effect> {
        self.is_new = true;
        let effect = Effect {
            kind,
            lane: row.lane,
            moved: None,
            opened_at: row.opened_at,
            due_at: row.due_at,
            left: None,
            arrived: false,
            data: json!({ "awaited": true, "visibility": row.visibility }),
        };
        self.row = Some(row);
        Some(effect)
    }

    fn edit(&mut self, part: &Part, event: &CommentEvent, now: i64) -> Option<Effect> {
        let row = self.row.as_mut()?;
        let at = clock::ms(event.at);
        if row.state == CommentState::Withdrawn || at < row.text_at || row.text == event.text {
            return None;
        }
        self.earlier.push(revision::Model {
            comment_id: row.id,
            revision: row.revision,
            text: row.text.take(),
            tags: row.tags.clone(),
            text_at: row.text_at,
        });
        let (from, left) = ((row.lane, row.state), (row.opened_at, row.due_at));
        row.revision += 1;
        row.text.clone_from(&event.text);
        row.text_at = at;
        let tagged = part.tagged.as_ref().map(|tagged| with_a_persons_word(row, tagged));
        set_tags(row, tagged.as_ref());
        if let Ok(reopened) = row.state.after(Move::Reopen)
            && !row.own
        {
            row.state = reopened;
            row.opened_at = now;
            row.decided_at = None;
        }
        row.due_at = part
            .tagged
            .as_ref()
            .map_or(row.due_at, |tagged| tagged.place.due_at(row.opened_at));
        self.is_changed = true;
        Some(Effect {
            kind: if from.1 == row.state {
                EventKind::CommentEdited
            } else {
                EventKind::CommentOpen
            },
            lane: row.lane,
            moved: Some((Some(from), (row.lane, row.state))),
            opened_at: row.opened_at,
            due_at: row.due_at,
            left: Some(left),
            arrived: false,
            data: json!({ "revision": row.revision, "reason": "edited", "from_lane": from.0 }),
        })
    }

    /// The comment is gone from the platform; kept and marked.
    pub(super) fn withdraw(&mut self, reason: &'static str) -> Option<Effect> {
        let row = self.row.as_mut()?;
        if row.state == CommentState::Withdrawn {
            return None;
        }
        let from = (row.lane, row.state);
        row.state = row.state.after(Move::Withdraw).ok()?;
        row.claimed_by = None;
        row.claimed_until = None;
        self.is_changed = !self.is_new;
        Some(Effect {
            kind: EventKind::CommentWithdrawn,
            lane: row.lane,
            moved: Some((Some(from), (row.lane, row.state))),
            opened_at: row.opened_at,
            due_at: row.due_at,
            left: None,
            arrived: false,
            data: json!({ "reason": reason }),
        })
    }

    fn show(&mut self, event: &CommentEvent) -> Option<Effect> {
        let row = self.row.as_mut()?;
        let at = clock::ms(event.at);
        if at < row.visibility_at {
            return None;
        }
        // The instant counts also where nothing changes: what is older and arrives later must not win.
        let is_same = row.visibility == visibility(event.what);
        row.visibility = visibility(event.what);
        row.visibility_at = at;
        self.is_changed = !self.is_new;
        if is_same {
            return None;
        }
        Some(Effect {
            kind: EventKind::CommentVisibility,
            lane: row.lane,
            moved: None,
            opened_at: row.opened_at,
            due_at: row.due_at,
            left: None,
            arrived: false,
            data: json!({ "visibility": row.visibility }),
        })
    }
}

const fn visibility(what: Happened) -> Visibility {
    match what {
        Happened::Hidden => Visibility::Hidden,
        Happened::Added | Happened::Edited | Happened::Removed | Happened::Shown => Visibility::Visible,
    }
}

/// Tags of a new text, with what a person said of the comment before. A person is stronger than a rule where they speak of
/// the author, who stays the same: the language they write in, and their intent. Narratives, classes and flags speak of
/// the text; the new one may have nothing of what a person saw in the old one, so they are the new text's own.
fn with_a_persons_word(row: &comment::Model, tagged: &Tagged) -> Tagged {
    let mut tagged = tagged.clone();
    if let Some(before) = tags_of(row) {
        tagged.tags.intent = before.intent;
        if before.language.source == TagSource::Person {
            tagged.lane = Lane::of_language(&before.language.code);
            tagged.tags.language = before.language;
        }
    }
    tagged
}

fn set_tags(row: &mut comment::Model, tagged: Option<&Tagged>) {
    let Some(tagged) = tagged else { return };
    row.tags = serde_json::to_string(&tagged.tags).unwrap_or_default();
    // Where a person put a comment it stays, whatever its author writes into it later.
    if row.story_by.is_none() {
        row.story = tagged.story.or(row.story);
    }
    row.labels = labels(tagged);
    // A comment keeps the lane of the person who has it; its next opening puts it right.
    if row.state != CommentState::Claimed && row.state != CommentState::Escalated {
        row.lane = tagged.lane;
    }
    row.urgent = tagged.place.urgent;
    row.severity = tagged.place.severity;
    row.due_at = tagged.place.due_at(row.opened_at);
}

/// Keys between bars, so that one is found by `LIKE '%|key|%'`.
fn labels(tagged: &Tagged) -> String {
    let mut labels = String::from("|");
    for key in tagged.tags.keys() {
        labels.push_str(key);
        labels.push('|');
    }
    labels
}

/// A row for a comment never heard of, in no state to be served yet.
fn first_seen(arrival: &Arrival, part: &Part, event: &CommentEvent, id: CommentId, now: i64) -> comment::Model {
    let at = clock::ms(event.at);
    comment::Model {
        id,
        number: 0,
        connector: arrival.connector.to_string(),
        platform: arrival.platform,
        external_id: event.external_id.clone(),
        parent: event.parent.clone(),
        post: event.post.clone(),
        ad: event
            .ad
            .clone()
            .or_else(|| part.post.as_ref().and_then(|post| post.ad.clone())),
        campaign_id: part.post.as_ref().and_then(|post| post.campaign),
        author_id: None,
        author_handle: None,
        author_name: None,
        own: false,
        text: None,
        attachments: None,
        revision: 1,
        text_at: at,
        visibility: Visibility::Visible,
        visibility_at: at,
        presence: Presence::Awaited,
        state: CommentState::Open,
        lane: part.tagged.as_ref().map_or(Lane::Other, |tagged| tagged.lane),
        tags: String::from("{}"),
        labels: String::from("|"),
        urgent: false,
        severity: 0,
        due_at: now,
        written_at: at,
        opened_at: now,
        claimed_by: None,
        claimed_until: None,
        decided_at: None,
        story: None,
        story_by: None,
    }
}
