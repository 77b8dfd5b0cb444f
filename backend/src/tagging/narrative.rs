//! From evidence to narrative tags: what the codebook's section 3 takes back. A claim that is asked about, denied,
//! quoted, reported or one family's story is not the claim. Scores only; says nothing of intent.

use super::matcher::{Evidence, Found, Matcher, Section};
use super::normal::{Mark, Normal};

/// Shown as a tag from here.
pub(super) const AUTO: f32 = 0.7;
/// Suggested from here.
pub(super) const SUGGEST: f32 = 0.3;

/// Groups of the codebook that take evidence back.
pub(super) struct Near {
    question: Option<usize>,
    loaded: Option<usize>,
    negation: Option<usize>,
    rebuttal: Option<usize>,
    reported: Option<usize>,
    first_person: Option<usize>,
    general: Option<usize>,
    help: Option<usize>,
}

impl Near {
    pub(super) fn of(matcher: &Matcher) -> Self {
        Self {
            question: matcher.group("question"),
            loaded: matcher.group("loaded"),
            negation: matcher.group("negation"),
            rebuttal: matcher.group("rebuttal"),
            reported: matcher.group("reported"),
            first_person: matcher.group("first-person"),
            general: matcher.group("general"),
            help: matcher.group("support"),
        }
    }

    /// How much of a piece of evidence stands, 0–1.
    pub(super) fn keeps(&self, normal: &Normal, found: &Found, evidence: &Evidence) -> f32 {
        let mut keeps = 1.0;
        let loaded = found.has(self.loaded);
        if in_question(normal, evidence) && !loaded {
            keeps *= if found.has(self.question) { 0.4 } else { 0.6 };
        } else if found.has(self.question) && !loaded {
            keeps *= 0.6;
        }
        let word = normal.word_at(evidence.start);
        let denied = found.hits(self.negation).any(|(at, start, end)| {
            let before = at < word && word - at <= 3;
            before && (end <= evidence.start || start >= evidence.end)
        });
        if denied {
            keeps *= 0.5;
        }
        if found.has(self.rebuttal) {
            keeps *= 0.35;
        }
        if found.has(self.help) {
            keeps *= 0.6;
        }
        if quoted(normal, evidence) {
            keeps *= 0.55;
        }
        if found.has(self.reported) {
            keeps *= 0.5;
        }
        if found.has(self.first_person) && !found.has(self.general) {
            keeps *= 0.6;
        }
        keeps
    }
}

/// Whether the sentence around the evidence ends with a question mark.
fn in_question(normal: &Normal, evidence: &Evidence) -> bool {
    let from = normal.marks.partition_point(|&(at, _)| at < evidence.end);
    normal
        .marks
        .get(from..)
        .and_then(|rest| rest.iter().find(|(_, mark)| *mark != Mark::Quote))
        .is_some_and(|&(_, mark)| mark == Mark::Question)
}

/// Whether an odd number of quotation marks stands before it and one after.
fn quoted(normal: &Normal, evidence: &Evidence) -> bool {
    let quotes = |mark: &&(usize, Mark)| mark.1 == Mark::Quote;
    let from = normal.marks.partition_point(|&(at, _)| at <= evidence.start);
    let before = normal.marks[..from].iter().filter(quotes).count();
    before % 2 == 1 && normal.marks[from..].iter().any(|mark| mark.1 == Mark::Quote)
}

/// Joins evidence for each entry of a section: entry, score, best first.
pub(super) fn scores(evidence: &[(Evidence, f32)], section: Section) -> Vec<(usize, f32)> {
    let mut joined: Vec<(usize, f32)> = Vec::new();
    for (piece, score) in evidence.iter().filter(|(piece, _)| piece.section == section) {
        match joined.iter_mut().find(|(entry, _)| *entry == piece.entry) {
            // The best piece counts whole; more of the same adds little, since phrases overlap.
            Some((_, sum)) => {
                let (best, other) = if *score > *sum { (*score, *sum) } else { (*sum, *score) };
                *sum = best + (1.0 - best) * other * 0.3;
            }
            None => joined.push((piece.entry, *score)),
        }
    }
    for (_, score) in &mut joined {
        *score = (score.min(0.99) * 100.0).round() / 100.0;
    }
    joined.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    joined
}
