//! Figures over the labelled comments of `tests/data/tagging`, with floors.

use super::*;
use crate::domain::tag::Tier;

#[derive(serde::Deserialize)]
struct Labelled {
    text: String,
    lang: String,
    script: String,
    labels: Vec<String>,
    flags: Vec<String>,
}

fn comments() -> Vec<Labelled> {
    include_str!("../../../tests/data/tagging/narratives-dev.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn percent(part: usize, whole: usize) -> usize {
    100 * part / whole.max(1)
}

/// Hits, wrong hits and misses of a label.
#[derive(Default)]
struct Count {
    right: usize,
    wrong: usize,
    missed: usize,
}

impl Count {
    fn add(&mut self, said: bool, is: bool) {
        match (said, is) {
            (true, true) => self.right += 1,
            (true, false) => self.wrong += 1,
            (false, true) => self.missed += 1,
            (false, false) => {}
        }
    }

    fn precision(&self) -> usize {
        percent(self.right, self.right + self.wrong)
    }

    fn recall(&self) -> usize {
        percent(self.right, self.right + self.missed)
    }
}

fn of_flag(flag: Flag) -> Count {
    let mut count = Count::default();
    for comment in comments() {
        let said = tag(&comment.text, &Context::default())
            .flags
            .iter()
            .any(|tag| tag.key == flag.as_str());
        count.add(said, comment.flags.iter().any(|key| key == flag.as_str()));
    }
    count
}

fn of_narratives(tier: Tier) -> Count {
    let mut count = Count::default();
    for comment in comments() {
        let tags = tag(&comment.text, &Context::default());
        for narrative in Narrative::ALL {
            let key = narrative.as_str();
            let said = tags
                .narratives
                .iter()
                .any(|tag| tag.key == key && (tier == Tier::Suggest || tag.tier == Some(tier)));
            count.add(said, comment.labels.iter().any(|label| label == key));
        }
    }
    count
}

#[test]
fn lane_of_labelled_comments_is_right_for_97_of_100() {
    let comments = comments();
    let (mut lanes, mut scripts) = (0, 0);
    for comment in &comments {
        let tags = tag(&comment.text, &Context::default());
        lanes += usize::from(lane(&tags, &Context::default()) == Lane::of_language(&comment.lang));
        scripts += usize::from(tags.language.script == comment.script);
    }
    assert!(percent(lanes, comments.len()) >= 97, "{lanes} of {}", comments.len());
    assert!(
        percent(scripts, comments.len()) >= 98,
        "{scripts} of {}",
        comments.len()
    );
}

#[test]
fn flags_of_labelled_comments_keep_their_recall_and_precision() {
    for (flag, recall, precision) in [
        (Flag::ChildAtRisk, 89, 45),
        (Flag::ThreatToStaff, 80, 36),
        (Flag::SelfHarm, 95, 62),
        (Flag::PersonalData, 99, 99),
        (Flag::HateIllegal, 82, 62),
    ] {
        let count = of_flag(flag);
        assert!(count.recall() >= recall, "{flag}: recall {}", count.recall());
        assert!(
            count.precision() >= precision,
            "{flag}: precision {}",
            count.precision()
        );
    }
}

#[test]
fn narratives_shown_as_tags_keep_their_precision_and_recall() {
    let shown = of_narratives(Tier::Auto);
    assert!(shown.precision() >= 88, "precision {}", shown.precision());
    assert!(shown.recall() >= 69, "recall {}", shown.recall());
}

#[test]
fn a_right_narrative_is_among_the_first_two_for_96_of_100() {
    let (mut right, mut all) = (0, 0);
    for comment in comments() {
        let is = |key: &str| comment.labels.iter().any(|label| label == key);
        if Narrative::ALL.iter().any(|narrative| is(narrative.as_str())) {
            let tags = tag(&comment.text, &Context::default());
            all += 1;
            right += usize::from(tags.narratives.iter().take(2).any(|tag| is(&tag.key)));
        }
    }
    assert!(percent(right, all) >= 96, "{right} of {all}");
}

#[test]
fn comments_without_narrative_are_seldom_shown_with_one() {
    let (mut wrong, mut all) = (0, 0);
    for comment in comments() {
        if !comment.labels.iter().any(|label| label.parse::<Narrative>().is_ok()) {
            let tags = tag(&comment.text, &Context::default());
            all += 1;
            wrong += usize::from(tags.narratives.iter().any(|tag| tag.tier == Some(Tier::Auto)));
        }
    }
    assert!(percent(wrong, all) < 6, "{wrong} of {all}");
}
