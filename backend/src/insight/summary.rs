//! What the figures of a span say beside those of the span before: totals, what rises, what is new, and where.

use std::collections::BTreeMap;

use super::figures::{Sum, is_whole};
use crate::domain::platform::Platform;
use crate::hourly::Counts;

/// Below so many comments in both spans together no change is told.
pub const LEAST: i64 = 20;
/// A rise is told from this share on.
const RISE: f64 = 0.2;
/// Two counts differ when their difference is more than so many times what chance makes of it: counts of rare things
/// vary by their square root (Poisson), and the difference of two by the root of their sum.
const BEYOND_CHANCE: f64 = 2.0;

/// How a figure stands beside the one before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// Too few to tell.
    TooFew,
    /// There was none before.
    New,
    /// By this share of what it was.
    Share(f64),
}

/// One line of a table: what came and what became of it, now and before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// A narrative's key, a language's code or a platform's word.
    pub key: String,
    /// In the span.
    pub now: Counts,
    /// In the span before.
    pub before: Counts,
}

impl Line {
    /// The change, day by day where the spans are of different length: `longer` is the present one's length in that of
    /// the one before.
    #[must_use]
    pub fn change(&self, longer: f64) -> Change {
        let (now, before) = (self.now.arrived, self.before.arrived);
        if now + before < LEAST {
            return Change::TooFew;
        }
        if before == 0 {
            return Change::New;
        }
        Change::Share(float(now) / (float(before) * longer) - 1.0)
    }

    /// Whether it rises by more than chance makes of it, or is new.
    #[must_use]
    pub fn rises(&self, longer: f64) -> bool {
        let (now, before) = (float(self.now.arrived), float(self.before.arrived) * longer);
        match self.change(longer) {
            Change::TooFew => false,
            Change::New => true,
            Change::Share(share) => share >= RISE && now - before > BEYOND_CHANCE * (now + before).sqrt(),
        }
    }
}

/// Figures of a span beside those of the span before.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Every comment once.
    pub all: Line,
    /// By narrative, the most first.
    pub narratives: Vec<Line>,
    /// By language, the most first.
    pub languages: Vec<Line>,
    /// By platform, the most first.
    pub platforms: Vec<Line>,
    /// How many of each narrative on each platform.
    pub grid: BTreeMap<(String, Platform), i64>,
    /// The most common language and platform of each narrative.
    pub mostly: BTreeMap<String, (String, Platform)>,
    /// The length of the present span in that of the one before.
    pub longer: f64,
}

fn float(count: i64) -> f64 {
    f64::from(i32::try_from(count).unwrap_or(i32::MAX))
}

/// Sums up. `of` is the one narrative asked for, if one is.
#[must_use]
pub fn summary(now: &[Sum], before: &[Sum], longer: f64, of: Option<&str>) -> Summary {
    let whole = |sum: &&Sum| of.is_some() || is_whole(&sum.narrative);
    let lines = |key: fn(&Sum) -> String, keep: &dyn Fn(&&Sum) -> bool| -> Vec<Line> {
        let mut all: BTreeMap<String, (Counts, Counts)> = BTreeMap::new();
        for sum in now.iter().filter(keep) {
            let line = &mut all.entry(key(sum)).or_default().0;
            *line = line.plus(&sum.counts);
        }
        for sum in before.iter().filter(keep) {
            let line = &mut all.entry(key(sum)).or_default().1;
            *line = line.plus(&sum.counts);
        }
        let line = |(key, (now, before))| Line { key, now, before };
        let mut lines: Vec<Line> = all.into_iter().map(line).collect();
        lines.sort_by_key(|line| std::cmp::Reverse(line.now.arrived));
        lines
    };
    let one = lines(|_| String::new(), &whole).pop();
    let mut grid = BTreeMap::new();
    let mut most: BTreeMap<String, [BTreeMap<String, i64>; 2]> = BTreeMap::new();
    for sum in now.iter().filter(|sum| !is_whole(&sum.narrative)) {
        *grid.entry((sum.narrative.clone(), sum.platform)).or_default() += sum.counts.arrived;
        let [languages, platforms] = most.entry(sum.narrative.clone()).or_default();
        *languages.entry(sum.language.clone()).or_default() += sum.counts.arrived;
        *platforms.entry(sum.platform.to_string()).or_default() += sum.counts.arrived;
    }
    let top = |counts: &BTreeMap<String, i64>| {
        counts
            .iter()
            .max_by_key(|(_, count)| **count)
            .map(|(key, _)| key.clone())
    };
    let mostly = most.into_iter().filter_map(|(narrative, [languages, platforms])| {
        let platform = top(&platforms)?.parse().ok()?;
        Some((narrative, (top(&languages)?, platform)))
    });
    Summary {
        all: one.unwrap_or(Line {
            key: String::new(),
            now: Counts::default(),
            before: Counts::default(),
        }),
        narratives: lines(|sum| sum.narrative.clone(), &|sum| !is_whole(&sum.narrative)),
        languages: lines(|sum| sum.language.clone(), &whole),
        platforms: lines(|sum| sum.platform.to_string(), &whole),
        grid,
        mostly: mostly.collect(),
        longer,
    }
}

impl Summary {
    /// Narratives that rise or are new, the one that rises most by number first.
    #[must_use]
    pub fn rising(&self) -> Vec<&Line> {
        let mut rising: Vec<&Line> = self.narratives.iter().filter(|line| line.rises(self.longer)).collect();
        rising.sort_by_key(|line| std::cmp::Reverse(line.now.arrived - line.before.arrived));
        rising
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, Sum, summary};
    use crate::domain::platform::Platform;
    use crate::hourly::{ALL, Counts};

    fn sum(narrative: &str, language: &str, platform: Platform, arrived: i64) -> Sum {
        Sum {
            narrative: narrative.into(),
            language: language.into(),
            platform,
            counts: Counts {
                arrived,
                ..Counts::default()
            },
        }
    }

    #[test]
    fn what_rises_beyond_chance_is_told_and_what_is_few_is_not() {
        let now = [
            sum(ALL, "ar", Platform::Facebook, 300),
            sum("kidnapping-muslim-children", "ar", Platform::Facebook, 180),
            sum("kidnapping-muslim-children", "sv", Platform::Tiktok, 20),
            sum("paid-per-child", "sv", Platform::Youtube, 30),
            sum("abuse-in-care", "sv", Platform::Youtube, 26),
            sum("silenced-coverup", "sv", Platform::Youtube, 4),
        ];
        let before = [
            sum(ALL, "ar", Platform::Facebook, 150),
            sum("kidnapping-muslim-children", "ar", Platform::Facebook, 100),
            sum("abuse-in-care", "sv", Platform::Youtube, 20),
        ];
        let told = summary(&now, &before, 1.0, None);
        let rising: Vec<&str> = told.rising().iter().map(|line| line.key.as_str()).collect();
        assert_eq!(
            rising,
            ["kidnapping-muslim-children", "paid-per-child"],
            "26 after 20 is chance"
        );
        assert_eq!(told.narratives[0].change(1.0), Change::Share(1.0));
        assert_eq!(told.narratives[1].change(1.0), Change::New);
        assert_eq!(told.narratives[3].change(1.0), Change::TooFew);
        assert_eq!((told.all.now.arrived, told.all.before.arrived), (300, 150));
        assert_eq!(
            told.mostly["kidnapping-muslim-children"],
            ("ar".to_owned(), Platform::Facebook)
        );
        assert_eq!(
            told.grid[&("kidnapping-muslim-children".to_owned(), Platform::Tiktok)],
            20
        );
    }

    #[test]
    fn a_longer_month_is_compared_day_by_day() {
        let told = summary(
            &[sum("abuse-in-care", "sv", Platform::Youtube, 310)],
            &[sum("abuse-in-care", "sv", Platform::Youtube, 280)],
            31.0 / 28.0,
            Some("abuse-in-care"),
        );
        let Change::Share(share) = told.all.change(told.longer) else {
            panic!("a share")
        };
        assert!(share.abs() < 1e-9, "ten a day in both");
        assert!(told.rising().is_empty());
    }

    #[test]
    fn of_nothing_nothing_is_told() {
        let told = summary(&[], &[], 1.0, None);
        assert_eq!(told.all.change(1.0), Change::TooFew);
        assert_eq!(told.all.now.half_within_min(), None);
        assert_eq!(told.all.now.answered_share(), None);
    }
}
