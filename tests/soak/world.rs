//! The platforms: five stand-ins that follow the desk's clock, what the public does there, and what goes wrong there.

use klarsvar::account::{SaveAccount, save};
use klarsvar::domain::platform::Platform;
use klarsvar::standin::{
    BlueskyStandin, Fault, Hand, NewComment, Refusal, Scope, Standin, Standing, TiktokStandin, Trouble, YoutubeStandin,
};
use serde_json::Value;

use crate::support::TestDesk;
use crate::support::random::Random;

/// Seconds between two readings of each platform.
pub const PERIOD_S: i64 = 1_200;

/// Questions that the approved templates answer, in three lanes.
const QUESTIONS: [&str; 6] = [
    "Vem beslutar om LVU, är det en domstol?",
    "Vad är LVU och när får det användas?",
    "هل المحكمة هي التي تقرر؟",
    "من يقرر بشأن رعاية الأطفال؟",
    "Who decides about taking a child into care?",
    "Is it a court that decides?",
];

/// A platform's stand-in.
pub enum Stand {
    /// Facebook or Instagram.
    Meta(Standin),
    /// YouTube.
    Youtube(YoutubeStandin),
    /// TikTok, as an advertiser.
    Tiktok(TiktokStandin),
    /// Bluesky.
    Bluesky(BlueskyStandin),
}

/// A comment as it stands on its platform.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The platform's id.
    pub id: String,
    /// The comment at top level that it answers.
    pub parent: Option<String>,
    /// The account wrote it.
    pub own: bool,
    /// What it says; none when it is gone.
    pub text: Option<String>,
    /// The public does not see it.
    pub hidden: bool,
}

/// One platform with the account that the desk has there.
pub struct Channel {
    /// The connector's name.
    pub name: &'static str,
    pub(super) platform: Platform,
    /// The account's id.
    pub(super) account: &'static str,
    pub(super) posts: [&'static str; 2],
    pub(super) stand: Stand,
    tokens: u32,
    /// What the public wrote, oldest first; also what was removed since.
    written: Vec<String>,
    /// Texts so far; each says its number.
    numbered: u64,
    away: bool,
}

impl Channel {
    /// A channel on which nothing happened yet.
    pub const fn new(
        name: &'static str,
        platform: Platform,
        account: &'static str,
        posts: [&'static str; 2],
        stand: Stand,
    ) -> Self {
        Self {
            name,
            platform,
            account,
            posts,
            stand,
            tokens: 0,
            written: Vec::new(),
            numbered: 0,
            away: false,
        }
    }

    /// The errand by which new comments, or what deliveries did not tell, come in.
    pub const fn errand(&self) -> &'static str {
        match self.stand {
            Stand::Meta(_) => "posts",
            Stand::Youtube(_) => "threads/published",
            Stand::Tiktok(_) => "adgroups",
            Stand::Bluesky(_) => "notifications",
        }
    }

    fn hand(&self) -> Option<&Hand> {
        match &self.stand {
            Stand::Meta(_) => None,
            Stand::Youtube(standin) => Some(standin),
            Stand::Tiktok(standin) => Some(standin),
            Stand::Bluesky(standin) => Some(standin),
        }
    }

    /// Somebody writes; some of it below what another wrote.
    pub fn writes(&mut self, random: &mut Random) {
        self.numbered += 1;
        let question = QUESTIONS[drawn(random, QUESTIONS.len())];
        let text = format!("{question} ({})", self.numbered);
        let post = self.posts[drawn(random, 2)];
        let below = (random.below(5) == 0).then(|| self.somewhere(random)).flatten();
        let author = random.below(400);
        let written = match (&self.stand, self.hand()) {
            (Stand::Meta(standin), _) => {
                let post = below.as_ref().and_then(|id| standin.comment(id)).map(|top| top.post);
                standin.write_comment(NewComment {
                    post: post.unwrap_or_else(|| self.posts[drawn(random, 2)].to_owned()),
                    parent: below,
                    author_id: format!("73000000{author:08}"),
                    author_name: format!("elin.{author}"),
                    text: Some(text),
                    photo: None,
                })
            }
            (_, Some(hand)) => {
                let top = below.and_then(|id| hand.entries().into_iter().find(|entry| entry.id == id));
                let (post, below) = match &top {
                    Some(top) => (top.video.as_str(), Some(top.id.as_str())),
                    None => (post, None),
                };
                Some(hand.write(post, below, &format!("elin{author}"), &text))
            }
            _ => None,
        };
        self.written.extend(written);
    }

    /// One of the last comments at top level that is still there.
    fn somewhere(&self, random: &mut Random) -> Option<String> {
        let id = self.recent(random)?;
        let shown = self.shown(&id);
        (shown.text.is_some() && shown.parent.is_none() && !shown.hidden).then_some(id)
    }

    fn recent(&self, random: &mut Random) -> Option<String> {
        let from = self.written.len().saturating_sub(20);
        let recent = &self.written[from..];
        (!recent.is_empty()).then(|| recent[drawn(random, recent.len())].clone())
    }

    /// An author changes a text, where the platform lets them.
    pub fn is_edited(&mut self, random: &mut Random) {
        let Some(id) = self.recent(random).filter(|id| self.shown(id).text.is_some()) else {
            return;
        };
        self.numbered += 1;
        let text = format!("{} (ändrad, {})", QUESTIONS[drawn(random, 2)], self.numbered);
        match &self.stand {
            Stand::Meta(standin) if self.platform == Platform::Facebook => assert!(standin.edit_comment(&id, &text)),
            Stand::Youtube(standin) => standin.edit(&id, &text),
            _ => {}
        }
    }

    /// An author removes a comment.
    pub fn is_removed(&self, random: &mut Random) {
        let Some(id) = self.recent(random) else { return };
        match (&self.stand, self.hand()) {
            (Stand::Meta(standin), _) => {
                standin.remove_comment(&id);
            }
            // Below a video the answers go with what they answer; on Bluesky they stay.
            (Stand::Youtube(_) | Stand::Tiktok(_), Some(hand)) => {
                let below = hand
                    .entries()
                    .into_iter()
                    .filter(|one| one.parent.as_deref() == Some(&id));
                below.for_each(|one| hand.put(&one.id, Standing::Gone));
                hand.put(&id, Standing::Gone);
            }
            (_, Some(hand)) => hand.put(&id, Standing::Gone),
            _ => {}
        }
    }

    /// Too many calls: the next ones are refused.
    pub fn limits(&self, random: &mut Random) {
        let calls = 2 + drawn(random, 4);
        match (&self.stand, self.hand()) {
            (Stand::Meta(standin), _) => {
                let refusal = match random.below(3) {
                    0 => Refusal::AppLimit,
                    1 => Refusal::PageLimit,
                    _ => Refusal::BusinessLimit(10),
                };
                standin.fail_next(calls, Scope::Every, Fault::Refuse(refusal));
            }
            (_, Some(hand)) => (0..calls).for_each(|_| hand.next(Trouble::TooMany)),
            _ => {}
        }
    }

    /// The next calls take effect, and their answers are lost.
    pub fn loses_answers(&self) {
        match (&self.stand, self.hand()) {
            (Stand::Meta(standin), _) => standin.fail_next(2, Scope::Writes, Fault::EffectThenDrop),
            (_, Some(hand)) => (0..2).for_each(|_| hand.next(Trouble::LoseAnswer)),
            _ => {}
        }
    }

    /// The token runs out before its time.
    pub fn voids_the_token(&mut self) {
        self.tokens += 1;
        let token = format!("token-{}", self.tokens);
        match &self.stand {
            Stand::Meta(standin) => standin.set_token(self.account, &token),
            Stand::Tiktok(standin) => standin.set_token(&token),
            Stand::Youtube(standin) => standin.next(Trouble::TokenVoid),
            Stand::Bluesky(standin) => standin.next(Trouble::TokenVoid),
        }
    }

    /// An administrator signs in again and gives the desk the tokens that are good now; where tokens are renewed, the one
    /// for that: a renewal whose answer was lost with the power, and was not repeated in time, ends a session.
    pub async fn is_signed_in_again(&self, desk: &TestDesk) {
        let renewed_with = match &self.stand {
            Stand::Bluesky(standin) => Some(standin.refresh_token()),
            Stand::Meta(_) | Stand::Tiktok(_) | Stand::Youtube(_) => None,
        };
        let step = SaveAccount {
            access_token: Some(format!("token-{}", self.tokens)),
            refresh_token: renewed_with,
            ..self.account_with(None)
        };
        desk.runs(move |app| async move { save(&app, step).await.map(|_| ()) })
            .await
            .expect("the token is taken");
    }

    /// The whole platform is away, or back.
    pub fn is_down(&mut self, down: bool) {
        self.away = down;
        match (&self.stand, self.hand()) {
            (Stand::Meta(standin), _) => standin.set_down(down),
            (_, Some(hand)) => hand.set_down(down),
            _ => {}
        }
    }

    /// Nothing goes wrong any more, and what was held back is delivered.
    pub fn heals(&self) {
        if let Stand::Meta(standin) = &self.stand {
            standin.heal();
            standin.set_flow(|flow| {
                flow.lost = 0;
                flow.redelivered = 0;
                flow.reordered = 0;
            });
        }
    }

    /// Waits until every delivery that is not held back was taken.
    pub async fn is_heard(&self) {
        if let Stand::Meta(standin) = &self.stand
            && !self.away
        {
            standin.settled().await;
        }
    }

    /// How a comment stands now.
    pub fn shown(&self, id: &str) -> Shown {
        let all = self.everything();
        let gone = Shown {
            id: id.to_owned(),
            parent: None,
            own: false,
            text: None,
            hidden: false,
        };
        all.into_iter().find(|shown| shown.id == id).unwrap_or(gone)
    }

    /// Everything that stands there now, oldest first.
    pub fn everything(&self) -> Vec<Shown> {
        match (&self.stand, self.hand()) {
            (Stand::Meta(standin), _) => standin
                .comments()
                .into_iter()
                .map(|comment| Shown {
                    own: comment.author_id == self.account,
                    id: comment.id,
                    parent: comment.parent,
                    text: comment.text,
                    hidden: comment.hidden,
                })
                .collect(),
            (_, Some(hand)) => hand
                .entries()
                .into_iter()
                .filter(|entry| entry.standing != Standing::Gone)
                .map(|entry| Shown {
                    own: entry.author == self.account,
                    id: entry.id,
                    parent: entry.parent,
                    text: Some(entry.text),
                    hidden: entry.standing == Standing::Hidden,
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Everything the public ever wrote there, by its ids.
    pub fn written(&self) -> &[String] {
        &self.written
    }

    /// The account with other settings.
    pub(super) fn account_with(&self, settings: Option<Value>) -> SaveAccount {
        SaveAccount {
            name: self.name.to_owned(),
            platform: self.platform,
            account: Some(self.account.to_owned()),
            settings: settings.map(|settings| settings.to_string()),
            ..SaveAccount::by_hand("")
        }
    }
}

fn drawn(random: &mut Random, below: usize) -> usize {
    usize::try_from(random.below(below as u64)).expect("a small number")
}
