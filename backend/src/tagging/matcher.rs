//! Finds the phrases and word groups of a codebook in a normal text: one pass of one automaton, then the rules.
//! Knows nothing of questions, quotations or denials: that is [`super::narrative`].

use std::collections::{BTreeMap, HashMap};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::codebook::{Codebook, Entry, Error};
use super::normal::{Normal, phrase};

const PHRASE: f32 = 0.85;
const HINT: f32 = 0.5;
/// Groups of a codebook; they are bits of a number.
const MOST_GROUPS: usize = 128;
/// Hits of one group that are looked at: more would make long texts cost more than their length.
const GROUP_HITS: usize = 48;

/// What may stand before an Arabic word without being another word: conjunctions, prepositions, the article, the
/// verb prefixes of the dialects.
const BEFORE: [&str; 33] = [
    "", "و", "ف", "ب", "ل", "ك", "ال", "وال", "فال", "بال", "كال", "لل", "ولل", "ع", "عال", "ه", "هال", "د", "س", "ي",
    "بي", "وب", "ول", "ت", "ن", "بت", "كي", "كت", "حي", "هي", "دي", "بهال", "م",
];

/// What may follow it: pronouns and endings.
const AFTER: [&str; 24] = [
    "", "ه", "ها", "هم", "هن", "ك", "كم", "كن", "كو", "نا", "ي", "ني", "و", "وا", "ون", "ا", "ان", "ات", "ين", "ت",
    "هون", "ن", "وه", "تنا",
];

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Section {
    Narrative,
    Class,
    Flag,
}

/// A place in the normal text that speaks for an entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evidence {
    pub(super) section: Section,
    pub(super) entry: usize,
    pub(super) score: f32,
    pub(super) start: usize,
    pub(super) end: usize,
    /// From word groups together rather than from one phrase.
    pub(super) ruled: bool,
}

impl Evidence {
    /// A number for its entry, and for whether groups or a phrase speak for it.
    pub(super) fn number(&self) -> u64 {
        let section = match self.section {
            Section::Narrative => 0,
            Section::Class => 100,
            Section::Flag => 200,
        };
        section + u64::try_from(self.entry).unwrap_or(u64::MAX >> 8) * 2 + u64::from(self.ruled)
    }
}

#[derive(Clone, Copy)]
struct Hit {
    group: usize,
    word: usize,
    start: usize,
    end: usize,
}

enum Target {
    Entry { section: Section, entry: usize, score: f32 },
    Group(usize),
}

struct Pattern {
    open_left: bool,
    open_right: bool,
    arabic: bool,
    targets: Vec<Target>,
}

struct Rule {
    section: Section,
    entry: usize,
    groups: Vec<usize>,
    within: usize,
    score: f32,
    unless: u128,
    needs: u128,
}

/// A codebook made ready for search.
pub(super) struct Matcher {
    automaton: AhoCorasick,
    patterns: Vec<Pattern>,
    rules: Vec<Rule>,
    names: BTreeMap<String, usize>,
}

/// All that was found in one text.
pub(super) struct Found {
    pub(super) evidence: Vec<Evidence>,
    /// By group, then by place.
    hits: Vec<Hit>,
    present: u128,
}

impl Matcher {
    pub(super) fn new(book: &Codebook) -> Result<Self, Error> {
        if book.groups.len() > MOST_GROUPS {
            return Err(Error::TooManyGroups(book.groups.len()));
        }
        let names: BTreeMap<String, usize> = book
            .groups
            .keys()
            .enumerate()
            .map(|(index, name)| (name.clone(), index))
            .collect();
        let mut making = Making::default();
        for (index, words) in book.groups.values().enumerate() {
            for word in words {
                making.add(word, Target::Group(index));
            }
        }
        let mut rules = Vec::new();
        let sections = [
            (Section::Narrative, &book.narratives),
            (Section::Class, &book.classes),
            (Section::Flag, &book.flags),
        ];
        for (section, entries) in sections {
            for (entry, from) in entries.iter().enumerate() {
                for (phrases, score) in [(&from.phrases, PHRASE), (&from.hints, HINT)] {
                    for text in phrases.values().flatten() {
                        making.add(text, Target::Entry { section, entry, score });
                    }
                }
                read_rules(from, section, entry, &names, &mut rules)?;
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            // Half a megabyte; one letter of Arabic is two steps.
            .dense_depth(3)
            .build(&making.texts)?;
        Ok(Self {
            automaton,
            patterns: making.patterns,
            rules,
            names,
        })
    }

    /// Everything of the codebook in `normal`.
    pub(super) fn find(&self, normal: &Normal) -> Found {
        let mut found = Found {
            evidence: Vec::new(),
            hits: Vec::new(),
            present: 0,
        };
        let mut counts = [0; MOST_GROUPS];
        let text = normal.text.as_bytes();
        for hit in self.automaton.find_overlapping_iter(text) {
            let Some(pattern) = self.patterns.get(hit.pattern().as_usize()) else {
                continue;
            };
            let start = hit.start() + usize::from(text.get(hit.start()) == Some(&b' '));
            let end = hit.end() - usize::from(text.get(hit.end() - 1) == Some(&b' '));
            if pattern.arabic && !arabic_borders(&normal.text, start, end, pattern) {
                continue;
            }
            // An open end means the whole word; a word past this length is no word.
            let end = if pattern.open_right {
                end + to_space(text.get(end..).unwrap_or_default()).unwrap_or(0)
            } else {
                end
            };
            for target in &pattern.targets {
                match *target {
                    Target::Entry { section, entry, score } => {
                        found.evidence.push(Evidence {
                            section,
                            entry,
                            score,
                            start,
                            end,
                            ruled: false,
                        });
                    }
                    Target::Group(group) => {
                        found.present |= 1 << group;
                        if let Some(count) = counts.get_mut(group)
                            && *count < GROUP_HITS
                        {
                            *count += 1;
                            found.hits.push(Hit {
                                group,
                                word: normal.word_at(start),
                                start,
                                end,
                            });
                        }
                    }
                }
            }
        }
        found.hits.sort_by_key(|hit| hit.group);
        for rule in &self.rules {
            if found.present & rule.needs == rule.needs && found.present & rule.unless == 0 {
                found.apply(rule);
            }
        }
        found
    }

    /// The number of a group, for [`Found::has`] and [`Found::hits`].
    pub(super) fn group(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }
}

impl Found {
    /// The numbers of the groups that are there, in order.
    pub(super) fn groups(&self) -> impl Iterator<Item = u64> {
        (0..u128::BITS)
            .filter(|group| self.present >> group & 1 == 1)
            .map(u64::from)
    }

    pub(super) fn has(&self, group: Option<usize>) -> bool {
        group.is_some_and(|group| self.present & (1 << group) != 0)
    }

    /// Places of a group: word number, start, end.
    pub(super) fn hits(&self, group: Option<usize>) -> impl Iterator<Item = (usize, usize, usize)> {
        group
            .map_or(&[][..], |group| self.of(group))
            .iter()
            .map(|hit| (hit.word, hit.start, hit.end))
    }

    fn of(&self, group: usize) -> &[Hit] {
        let from = self.hits.partition_point(|hit| hit.group < group);
        let past = self.hits.partition_point(|hit| hit.group <= group);
        self.hits.get(from..past).unwrap_or_default()
    }

    fn apply(&mut self, rule: &Rule) {
        let Some((first, others)) = rule.groups.split_first() else {
            return;
        };
        for anchor in self.of(*first) {
            let (mut low, mut high) = (anchor.word, anchor.word);
            let (mut start, mut end) = (anchor.start, anchor.end);
            let near = others.iter().all(|&group| {
                let best = self
                    .of(group)
                    .iter()
                    .filter(|hit| hit.start >= anchor.end || hit.end <= anchor.start)
                    .min_by_key(|hit| hit.word.abs_diff(anchor.word));
                let Some(best) = best else { return false };
                low = low.min(best.word);
                high = high.max(best.word);
                start = start.min(best.start);
                end = end.max(best.end);
                high - low <= rule.within
            });
            if near {
                self.evidence.push(Evidence {
                    section: rule.section,
                    entry: rule.entry,
                    score: rule.score,
                    start,
                    end,
                    ruled: true,
                });
                return;
            }
        }
    }
}

#[derive(Default)]
struct Making {
    texts: Vec<String>,
    patterns: Vec<Pattern>,
    known: HashMap<String, usize>,
}

impl Making {
    fn add(&mut self, written: &str, target: Target) {
        let open_left = written.starts_with('*');
        let open_right = written.ends_with('*');
        let mut text = phrase(written);
        if text.is_empty() {
            return;
        }
        let arabic = text.chars().any(|c| matches!(c, '\u{600}'..='\u{6FF}'));
        if !arabic {
            text = format!(
                "{}{text}{}",
                if open_left { "" } else { " " },
                if open_right { "" } else { " " }
            );
        }
        let key = format!("{}{text}{}", u8::from(open_left), u8::from(open_right));
        let index = *self.known.entry(key).or_insert_with(|| {
            self.texts.push(text);
            self.patterns.push(Pattern {
                open_left,
                open_right,
                arabic,
                targets: Vec::new(),
            });
            self.patterns.len() - 1
        });
        if let Some(pattern) = self.patterns.get_mut(index) {
            pattern.targets.push(target);
        }
    }
}

fn read_rules(
    from: &Entry,
    section: Section,
    entry: usize,
    names: &BTreeMap<String, usize>,
    rules: &mut Vec<Rule>,
) -> Result<(), Error> {
    let number = |group: &String| {
        names.get(group).copied().ok_or_else(|| Error::UnknownGroup {
            key: from.key.clone(),
            group: group.clone(),
        })
    };
    for rule in &from.rules {
        let groups: Vec<usize> = rule.all.iter().map(number).collect::<Result<_, _>>()?;
        let mut unless = 0;
        for group in &rule.unless {
            unless |= 1 << number(group)?;
        }
        let needs = groups.iter().fold(0, |mask, group| mask | (1 << group));
        rules.push(Rule {
            section,
            entry,
            groups,
            within: rule.within,
            score: rule.score,
            unless,
            needs,
        });
    }
    Ok(())
}

/// Longest stretch of a word, in bytes, that is looked at beside a match: long "words" must not cost their square.
const BESIDE: usize = 32;

fn to_space(text: &[u8]) -> Option<usize> {
    let near = text.get(..BESIDE).unwrap_or(text);
    near.iter().position(|&byte| byte == b' ')
}

fn arabic_borders(text: &str, start: usize, end: usize, pattern: &Pattern) -> bool {
    let bytes = text.as_bytes();
    let low = start.saturating_sub(BESIDE);
    let before = bytes
        .get(low..start)
        .and_then(|near| near.iter().rposition(|&byte| byte == b' '))
        .and_then(|at| text.get(low + at + 1..start));
    let after = bytes
        .get(end..)
        .and_then(to_space)
        .and_then(|length| text.get(end..end + length));
    // Short words would be found inside any other.
    let short = text.get(start..end).is_none_or(|own| own.chars().count() <= 3);
    let left = pattern.open_left
        || before.is_some_and(|before| {
            if short {
                matches!(before, "" | "و" | "ف" | "ال" | "وال")
            } else {
                BEFORE.contains(&before)
            }
        });
    let right = pattern.open_right || after.is_some_and(|after| after.is_empty() || (!short && AFTER.contains(&after)));
    left && right
}
