//! The public: invented comments that come in waves, with edits, removals and deliveries that come twice.
//!
//! The texts are chosen for showing: questions, help, experience, critique, thanks and the milder retellings; nothing
//! hateful, and no data of anybody (the identity number is the published example).

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::campaign::{ADVERTS, Advert};
use super::videos::Place;
use crate::clock::Clock;
use crate::domain::platform::Platform;
use crate::standin::{NewComment, Standin};

const TEXTS: &str = include_str!("comments.jsonl");
/// Comments there before the desk is shown.
const FIRST: usize = 25;
/// A calm stretch and a wave together, and the wave's part of it, in seconds.
const TIDE: (i64, i64) = (240, 60);
/// How much faster comments come in a wave; the calm stretch is slower by as much as keeps the average.
const HIGH: f64 = 2.5;
/// Comments that may still be edited, removed or answered by others.
const REMEMBERED: usize = 200;

/// Names by language, so that a card looks like a card.
const NAMES: &[(&str, &[&str])] = &[
    (
        "sv",
        &[
            "Elin Ek",
            "Oskar Lind",
            "Maja Berg",
            "Nils Åberg",
            "Sara Holm",
            "Leila Nord",
        ],
    ),
    (
        "ar",
        &["أم يوسف", "سامر", "ليلى حسن", "أبو كريم", "Noor Exempel", "هدى"],
    ),
    ("en", &["Sam Field", "Amina K.", "Jo Park", "Dana Reed"]),
    ("", &["Ayşe", "Cabdi", "مریم", "Rojda", "Amra"]),
];

/// One text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    lang: String,
    text: String,
    /// Retells a story; most of a wave does.
    story: bool,
}

/// A comment written before.
struct Written {
    id: String,
    post: &'static str,
    text: String,
}

/// The public of one start.
pub(super) struct Crowd {
    texts: Vec<Text>,
    /// Which texts wait to be written; filled again when empty, so that none comes twice in a row of all.
    waiting: Vec<usize>,
    written: Vec<Written>,
    chance: u64,
}

impl Crowd {
    pub(super) fn new(now: DateTime<Utc>) -> Self {
        let texts = TEXTS
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        Self {
            texts,
            waiting: Vec::new(),
            written: Vec::new(),
            chance: now.timestamp_subsec_nanos().into(),
        }
    }

    /// What is there when the desk opens: both lanes have work.
    pub(super) fn first(&mut self, standin: &Standin, places: &[Place<'_>]) {
        for number in 0..FIRST {
            let wanted = ["ar", "sv", "ar", "sv", "en"];
            let language = wanted.get(number % wanted.len()).copied().unwrap_or("sv");
            self.write(standin, |text| text.lang == language);
        }
        for place in places {
            self.write_under(place);
        }
    }

    /// Keeps writing, `rate` comments a minute on average. Never ends by itself.
    pub(super) async fn keep_coming(
        mut self,
        standin: &Standin,
        places: &[Place<'_>],
        clock: &Arc<dyn Clock>,
        rate: u32,
    ) {
        if rate == 0 {
            return std::future::pending().await;
        }
        loop {
            let in_wave = clock.now().timestamp().rem_euclid(TIDE.0) < TIDE.1;
            tokio::time::sleep(self.pause(rate, in_wave)).await;
            // Two comments of five stand under videos and posts.
            let roll = self.below(5);
            match (roll < 2).then(|| self.one_of(places)).flatten() {
                Some(place) => self.write_under(place),
                None => self.happen(standin, in_wave),
            }
        }
    }

    fn pause(&mut self, rate: u32, in_wave: bool) -> Duration {
        // Both are whole seconds far below 2^32.
        let part = |seconds: i64| f64::from(u32::try_from(seconds).unwrap_or(0));
        let (tide, wave) = (part(TIDE.0), part(TIDE.1));
        let calm = (tide - HIGH * wave) / (tide - wave);
        let speed = if in_wave { HIGH } else { calm };
        let spread = 0.5 + f64::from(self.below(1_000)) / 1_000.0;
        Duration::from_secs_f64(60.0 / f64::from(rate) / speed * spread)
    }

    /// One thing that the public does.
    fn happen(&mut self, standin: &Standin, in_wave: bool) {
        // The one before may have been told to be delivered twice.
        standin.set_flow(|flow| flow.repeats = 0);
        match self.below(100) {
            0..4 => self.edit(standin),
            4..6 => self.remove(standin),
            6..9 => {
                standin.set_flow(|flow| flow.repeats = 1);
                self.write(standin, |_| true);
            }
            roll if in_wave && roll < 70 => self.write(standin, |text| text.story),
            _ => self.write(standin, |_| true),
        }
    }

    fn write(&mut self, standin: &Standin, wanted: impl Fn(&Text) -> bool) {
        if !self.waiting.iter().any(|at| self.texts.get(*at).is_some_and(&wanted)) {
            self.waiting = (0..self.texts.len()).collect();
        }
        let fitting: Vec<usize> = (0..self.waiting.len())
            .filter(|at| {
                self.waiting
                    .get(*at)
                    .and_then(|text| self.texts.get(*text))
                    .is_some_and(&wanted)
            })
            .collect();
        let Some(chosen) = self.one_of(&fitting).copied() else {
            return;
        };
        let Some(text) = self.texts.get(self.waiting.swap_remove(chosen)) else {
            return;
        };
        let (lang, words) = (text.lang.clone(), text.text.clone());
        let Some(advert) = self.advert(&lang) else { return };
        let parent = self.parent(advert);
        let (author_id, author_name) = self.author(&lang, advert.platform);
        let new = NewComment {
            post: advert.post.into(),
            parent,
            author_id,
            author_name,
            text: Some(words.clone()),
            photo: None,
        };
        // None if the comment answered was removed meanwhile.
        if let Some(id) = standin.write_comment(new) {
            self.written.push(Written {
                id,
                post: advert.post,
                text: words,
            });
            if self.written.len() > REMEMBERED {
                self.written.remove(0);
            }
        }
    }

    /// Somebody writes under a video or post, in its language.
    fn write_under(&mut self, place: &Place<'_>) {
        let texts: Vec<String> = self
            .texts
            .iter()
            .filter(|text| text.lang == place.language)
            .map(|text| format!("{}{}", place.greeting, text.text))
            .collect();
        let (_, name) = self.author(place.language, Platform::Youtube);
        if let Some(text) = self.one_of(&texts) {
            place.hand.write(place.under, None, &name, text);
        }
    }

    /// The ad of the comment's language; now and then another.
    fn advert(&mut self, lang: &str) -> Option<&'static Advert> {
        let near = if lang == "ar" { "ar" } else { "sv" };
        let strays = self.below(10) == 0;
        let fitting: Vec<&'static Advert> = ADVERTS
            .iter()
            .filter(|advert| strays || advert.language == near)
            .collect();
        self.one_of(&fitting).copied()
    }

    /// One in eight answers another comment.
    fn parent(&mut self, advert: &Advert) -> Option<String> {
        if self.below(8) != 0 {
            return None;
        }
        let under: Vec<String> = self
            .written
            .iter()
            .rev()
            .filter(|written| written.post == advert.post)
            .take(10)
            .map(|written| written.id.clone())
            .collect();
        self.one_of(&under).cloned()
    }

    fn author(&mut self, lang: &str, platform: Platform) -> (String, String) {
        let names = NAMES.iter().find(|(language, _)| *language == lang);
        let names = names.or(NAMES.last()).map(|(_, names)| *names).unwrap_or_default();
        let name = self.one_of(names).copied().unwrap_or("Någon");
        let number = self.below(5_000);
        let shown = match platform {
            Platform::Instagram => format!("exempel.{number}"),
            _ => name.to_owned(),
        };
        (format!("73{:014}", number), shown)
    }

    /// Only Facebook tells of edits and removals.
    fn on_facebook(&mut self) -> Option<usize> {
        let facebook = |post: &str| {
            ADVERTS
                .iter()
                .any(|advert| advert.post == post && advert.platform == Platform::Facebook)
        };
        let there: Vec<usize> = (0..self.written.len())
            .filter(|at| self.written.get(*at).is_some_and(|written| facebook(written.post)))
            .collect();
        self.one_of(&there).copied()
    }

    fn edit(&mut self, standin: &Standin) {
        let Some(at) = self.on_facebook() else { return };
        if let Some(written) = self.written.get_mut(at) {
            written.text.push_str(" (redigerat)");
            standin.edit_comment(&written.id, &written.text);
        }
    }

    fn remove(&mut self, standin: &Standin) {
        if let Some(at) = self.on_facebook() {
            let written = self.written.swap_remove(at);
            standin.remove_comment(&written.id);
        }
    }

    /// A number below `end`: enough chance for a show (splitmix64).
    fn below(&mut self, end: u32) -> u32 {
        self.chance = self.chance.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.chance;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        u32::try_from((mixed ^ (mixed >> 31)) % u64::from(end.max(1))).unwrap_or(0)
    }

    fn one_of<'a, T>(&mut self, things: &'a [T]) -> Option<&'a T> {
        let end = u32::try_from(things.len()).unwrap_or(u32::MAX);
        things.get(usize::try_from(self.below(end)).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tagging;

    #[test]
    fn every_text_is_read_and_there_are_enough_for_both_lanes() {
        let crowd = Crowd::new(DateTime::UNIX_EPOCH);
        assert_eq!(crowd.texts.len(), TEXTS.lines().count());
        for language in ["sv", "ar"] {
            let there = crowd.texts.iter().filter(|text| text.lang == language).count();
            assert!(there >= 60, "{language}: {there}");
        }
    }

    #[test]
    fn nothing_distressing_is_shown() {
        for text in Crowd::new(DateTime::UNIX_EPOCH).texts {
            let tags = tagging::tag(&text.text, &tagging::Context::default());
            for flag in tags.flags.iter().filter(|flag| flag.is_likely()) {
                assert_eq!(flag.key, "personal-data", "{}", text.text);
            }
        }
    }

    #[test]
    fn comments_come_at_the_rate_asked_for_on_average() {
        let mut crowd = Crowd::new(DateTime::UNIX_EPOCH);
        let (mut at, mut came) = (0.0, 0);
        while at < 24_000.0 {
            let in_wave = at % 240.0 < 60.0;
            at += crowd.pause(20, in_wave).as_secs_f64();
            came += 1;
        }
        assert!((7_600..8_400).contains(&came), "{came} in 400 minutes");
    }
}
