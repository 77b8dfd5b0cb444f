//! Blind items: some comments are tagged by a person before the machine's tags are shown, so that it is known how far both
//! agree. Which ones follows from the identifier alone; likely urgent ones never. Flags are shown in any case.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use serde_json::json;

use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::domain::comment::CommentState;
use crate::domain::event::EventKind;
use crate::domain::id::{CommentId, PersonId};
use crate::domain::tag::{Tag, TagSource, Tags, Tier};
use crate::lane::item::tags_of;
use crate::store::Error;
use crate::store::entity::{blind, comment};

/// Answers that agreement is counted over, the latest.
const MOST: u64 = 20_000;

/// Whether a comment is one of those asked about, when `percent` of all are.
#[must_use]
pub fn is_chosen(row: &comment::Model, percent: u32) -> bool {
    // Random bits of the identifier (RFC 9562, section 5.7), not its time.
    let bits = row.id.0.as_u128() & u128::from(u32::MAX);
    let chosen = !row.own && bits % 100 < u128::from(percent);
    // What is likely urgent is answered, not measured.
    chosen && !tags_of(row).is_some_and(|tags| tags.flags.iter().any(Tag::is_likely))
}

/// Whether a comment waits for a person's tags before the machine's are shown.
///
/// # Errors
/// Any [`Error`].
pub async fn is_pending(app: &App, row: &comment::Model) -> Result<bool, Error> {
    let open = matches!(row.state, CommentState::Open | CommentState::Claimed);
    if !open || !is_chosen(row, app.config.teaching.blind_percent) {
        return Ok(false);
    }
    Ok(!answered(app.db.reader(), row).await?)
}

async fn answered(db: &impl ConnectionTrait, row: &comment::Model) -> Result<bool, Error> {
    let found = blind::Entity::find_by_id((row.id, row.revision)).one(db).await?;
    Ok(found.is_some())
}

/// What the tags are without what the machine says of the text: language and flags stay.
#[must_use]
pub fn covered(mut tags: Tags) -> Tags {
    tags.narratives.clear();
    tags.classes.clear();
    let flags: BTreeSet<String> = tags.flags.iter().map(|tag| tag.key.clone()).collect();
    tags.spans.retain(|span| flags.contains(&span.key));
    tags
}

/// A person's tags of a comment whose machine tags they have not seen.
#[derive(Debug, Clone)]
pub struct AnswerBlind {
    /// Which comment.
    pub comment: CommentId,
    /// Who.
    pub person: PersonId,
    /// Keys of the narratives and classes that they see.
    pub said: BTreeSet<String>,
    /// Share of comments asked about.
    pub percent: u32,
}

/// Why an answer is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlindRefused {
    /// Nothing is asked of this comment, or it was answered.
    NotAsked,
    /// Only who holds the comment answers.
    NotHeld,
}

impl Step for AnswerBlind {
    type Out = ();
    type Refusal = BlindRefused;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<BlindRefused>> {
        let row = comment::Entity::find_by_id(self.comment).one(change.read()).await?;
        let row = row.filter(|row| is_chosen(row, self.percent));
        let row = row.ok_or(Failure::Refused(BlindRefused::NotAsked))?;
        if row.state != CommentState::Claimed || row.claimed_by != Some(self.person) {
            return Err(Failure::Refused(BlindRefused::NotHeld));
        }
        let tags = tags_of(&row).ok_or(Failure::Refused(BlindRefused::NotAsked))?;
        if answered(change.read(), &row).await? {
            return Err(Failure::Refused(BlindRefused::NotAsked));
        }
        let answer = blind::Model {
            comment_id: row.id,
            revision: row.revision,
            person_id: self.person,
            language: tags.language.code.clone(),
            said: json!(self.said).to_string(),
            machine: json!(by_machine(&tags)).to_string(),
            version: version(&tags),
            said_at: change.now_ms(),
        };
        change.later(&blind::Entity::insert(answer.into_active_model()));
        change.note(
            EventKind::BlindAnswered,
            Some((row.id, row.lane)),
            Actor::Person(self.person),
            json!({ "revision": row.revision }),
        );
        Ok(())
    }
}

/// What the machine shows as tags; a suggestion is none, and what a person set is not the machine's.
fn by_machine(tags: &Tags) -> BTreeSet<&str> {
    let all = tags.narratives.iter().chain(&tags.classes);
    all.filter(|tag| tag.tier != Some(Tier::Suggest) && tag.source != TagSource::Person)
        .map(|tag| tag.key.as_str())
        .collect()
}

fn version(tags: &Tags) -> String {
    let mut all = tags.narratives.iter().chain(&tags.classes);
    all.find(|tag| tag.source == TagSource::Model)
        .map_or_else(String::new, |tag| tag.version.clone())
}

/// How far people and machine agree on one label in one language.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// Code of the language.
    pub language: String,
    /// Key of the label.
    pub label: String,
    /// Answers.
    pub answers: u32,
    /// Both say so.
    pub both: u32,
    /// Only the person does.
    pub person_only: u32,
    /// Only the machine does.
    pub machine_only: u32,
    /// Share of answers in which they agree, 0–1.
    pub share: f64,
    /// Agreement beyond chance (Cohen 1960, Educational and Psychological Measurement 20); none where nobody ever says
    /// the label or everybody always does.
    pub kappa: Option<f64>,
}

/// Agreement over the latest answers, by language and label; labels that neither ever said are left out.
///
/// # Errors
/// Any [`Error`].
pub async fn agreement(db: &impl ConnectionTrait) -> Result<Vec<Agreement>, Error> {
    let rows: Vec<(String, String, String)> = blind::Entity::find()
        .select_only()
        .columns([blind::Column::Language, blind::Column::Said, blind::Column::Machine])
        .order_by_desc(blind::Column::SaidAt)
        .filter(blind::Column::SaidAt.gt(0))
        .limit(MOST)
        .into_tuple()
        .all(db)
        .await?;
    let words = |stored: &str| serde_json::from_str::<BTreeSet<String>>(stored).unwrap_or_default();
    let answers = rows
        .iter()
        .map(|(language, said, machine)| (language.as_str(), words(said), words(machine)));
    Ok(counted(answers))
}

fn counted<'a>(answers: impl Iterator<Item = (&'a str, BTreeSet<String>, BTreeSet<String>)>) -> Vec<Agreement> {
    let mut totals: BTreeMap<String, u32> = BTreeMap::new();
    let mut cells: BTreeMap<(String, String), [u32; 3]> = BTreeMap::new();
    for (language, said, machine) in answers {
        *totals.entry(language.to_owned()).or_default() += 1;
        for label in said.union(&machine) {
            let cell = cells.entry((language.to_owned(), label.clone())).or_default();
            match (said.contains(label), machine.contains(label)) {
                (true, true) => cell[0] += 1,
                (true, false) => cell[1] += 1,
                (false, _) => cell[2] += 1,
            }
        }
    }
    cells
        .into_iter()
        .map(|((language, label), [both, person_only, machine_only])| {
            let answers = totals.get(&language).copied().unwrap_or(0);
            let (share, kappa) = kappa(answers, both, person_only, machine_only);
            Agreement {
                language,
                label,
                answers,
                both,
                person_only,
                machine_only,
                share,
                kappa,
            }
        })
        .collect()
}

/// Share of agreement, and Cohen's kappa.
fn kappa(answers: u32, both: u32, person_only: u32, machine_only: u32) -> (f64, Option<f64>) {
    let all = f64::from(answers.max(1));
    let share = 1.0 - f64::from(person_only + machine_only) / all;
    let person = f64::from(both + person_only) / all;
    let machine = f64::from(both + machine_only) / all;
    let chance = person * machine + (1.0 - person) * (1.0 - machine);
    let kappa = (chance < 1.0).then(|| (share - chance) / (1.0 - chance));
    (share, kappa)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(words: &[&str]) -> BTreeSet<String> {
        words.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn kappa_is_agreement_beyond_chance() {
        // The textbook's table: 20 yes-yes, 5 and 10 apart, 15 no-no gives 0.4.
        let (share, beyond) = kappa(50, 20, 5, 10);
        assert!((share - 0.7).abs() < 1e-9);
        assert!((beyond.unwrap() - 0.4).abs() < 1e-9);
        assert_eq!(kappa(10, 10, 0, 0), (1.0, None));
    }

    #[test]
    fn labels_are_counted_by_language_over_all_answers_of_it() {
        let answers = [
            ("sv", set(&["spam"]), set(&["spam"])),
            ("sv", set(&[]), set(&["spam"])),
            ("sv", set(&[]), set(&[])),
            ("ar", set(&["spam"]), set(&[])),
        ];
        let counted = counted(answers.into_iter());
        assert_eq!(counted.len(), 2);
        let sv = counted.iter().find(|row| row.language == "sv").unwrap();
        assert_eq!((sv.answers, sv.both, sv.person_only, sv.machine_only), (3, 1, 0, 1));
        assert!((sv.kappa.unwrap() - 0.4).abs() < 1e-9, "{sv:?}");
    }
}
