//! How well languages are told: shares right by language, length, lane; how much can be sent on without a person.

use std::collections::BTreeMap;

/// A labelled comment.
pub struct Row {
    pub id: String,
    /// ISO 639-3, or `und`.
    pub lang: String,
    pub latin: bool,
    pub bucket: String,
    pub text: String,
}

/// The twenty groups of the desk, as score and list.
const LISTED: [&str; 20] = [
    "swe", "ara", "eng", "som", "fas", "ckb", "kmr", "tur", "tir", "hbs", "fin", "pol", "ukr", "rus", "nor", "dan",
    "urd", "deu", "spa", "fra",
];

/// The group that a code of either length is in.
pub fn group(code: &str) -> &str {
    match code {
        "sv" => "swe",
        "en" => "eng",
        "so" => "som",
        "tr" => "tur",
        "ti" => "tir",
        "fi" => "fin",
        "pl" => "pol",
        "uk" => "ukr",
        "ru" => "rus",
        "da" => "dan",
        "ur" => "urd",
        "de" => "deu",
        "es" => "spa",
        "fr" => "fra",
        "ar" | "arb" | "arz" | "ary" | "arq" | "apc" | "acm" => "ara",
        "fa" | "pes" | "prs" => "fas",
        "ku" | "kur" => "kmr",
        "bs" | "hr" | "sr" | "bos" | "hrv" | "srp" => "hbs",
        "no" | "nb" | "nn" | "nob" | "nno" => "nor",
        other => other,
    }
}

fn lane(group: &str) -> &str {
    match group {
        "swe" | "ara" | "eng" => group,
        _ => "other",
    }
}

fn is_silent(group: &str) -> bool {
    matches!(group, "" | "und")
}

/// Right ones among some.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    right: u32,
    all: u32,
}

impl Tally {
    fn add(&mut self, right: bool) {
        self.right += u32::from(right);
        self.all += 1;
    }

    fn percent(self) -> f64 {
        f64::from(self.right) * 100.0 / f64::from(self.all.max(1))
    }
}

/// What was said of a comment: a code, and how sure.
pub type Said = (String, f32);

/// Figures by name, in the order they are shown: percent.
pub fn figures(rows: &[Row], said: &[Said]) -> Vec<(&'static str, f64)> {
    let mut tallies: BTreeMap<&'static str, Tally> = BTreeMap::new();
    let mut curve: Vec<(f32, bool)> = Vec::new();
    for (row, (code, confidence)) in rows.iter().zip(said) {
        let (gold, told) = (group(&row.lang), group(code));
        let silent = is_silent(told);
        let mut add = |name, right| tallies.entry(name).or_default().add(right);
        if gold == "und" {
            add("no language: silent", silent);
            continue;
        }
        let lane_right = !silent && lane(gold) == lane(told);
        if !LISTED.contains(&gold) {
            add("off the list: to other", lane_right);
            continue;
        }
        let right = !silent && gold == told;
        add("language", right);
        if row.bucket == "<=15" {
            add("language, <= 15 characters", right);
            add("lane, <= 15 characters", lane_right);
        }
        add("lane", lane_right);
        match gold {
            "swe" => add("recall Swedish", lane_right),
            "eng" => add("recall English", lane_right),
            "ara" if row.latin => add("recall Arabizi", lane_right),
            "ara" => add("recall Arabic letters", lane_right),
            _ => {}
        }
        curve.push((if silent { -1.0 } else { *confidence }, lane_right));
    }
    let mut shown: Vec<(&'static str, f64)> = [
        "language",
        "language, <= 15 characters",
        "lane",
        "lane, <= 15 characters",
        "recall Swedish",
        "recall Arabic letters",
        "recall Arabizi",
        "recall English",
        "off the list: to other",
        "no language: silent",
    ]
    .into_iter()
    .map(|name| (name, tallies.get(name).copied().unwrap_or_default().percent()))
    .collect();
    shown.push(("answered at 99.5 % lane precision", answered(curve)));
    shown
}

/// The largest share of comments, surest first, of which 99.5 % are sent to the right lane.
fn answered(mut curve: Vec<(f32, bool)>) -> f64 {
    curve.sort_by(|a, b| b.0.total_cmp(&a.0));
    let all = u32::try_from(curve.len()).unwrap_or(u32::MAX);
    let (mut tally, mut most) = (Tally::default(), 0);
    for (at, &(confidence, right)) in curve.iter().enumerate() {
        if confidence < 0.0 {
            break;
        }
        tally.add(right);
        // Equally sure ones are answered together.
        let last = curve.get(at + 1).is_none_or(|next| next.0 < confidence);
        if last && tally.percent() >= 99.5 {
            most = tally.all;
        }
    }
    Tally { right: most, all }.percent()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(lang: &str, bucket: &str, latin: bool) -> Row {
        Row {
            id: String::new(),
            lang: lang.to_owned(),
            latin,
            bucket: bucket.to_owned(),
            text: String::new(),
        }
    }

    #[test]
    fn figures_count_groups_lanes_and_silence() {
        let rows = [
            row("swe", "<=15", true),
            row("nno", "<=15", true),
            row("prs", "16-40", false),
            row("apc", "16-40", true),
            row("nld", "16-40", true),
            row("und", "<=15", false),
        ];
        let said = [
            ("no", 0.9),
            ("da", 0.9),
            ("fa", 0.9),
            ("ar", 0.8),
            ("other", 0.9),
            ("und", 1.0),
        ]
        .map(|(code, confidence)| (code.to_owned(), confidence));
        let figures: BTreeMap<_, _> = figures(&rows, &said).into_iter().collect();
        assert!((figures["language"] - 50.0).abs() < 1e-9);
        assert!((figures["language, <= 15 characters"]).abs() < 1e-9);
        assert!((figures["lane"] - 75.0).abs() < 1e-9);
        assert!((figures["recall Swedish"]).abs() < 1e-9);
        assert!((figures["recall Arabizi"] - 100.0).abs() < 1e-9);
        assert!((figures["off the list: to other"] - 100.0).abs() < 1e-9);
        assert!((figures["no language: silent"] - 100.0).abs() < 1e-9);
    }

    #[test]
    fn answered_stops_before_the_doubtful_and_never_splits_the_equally_sure() {
        let mut curve: Vec<(f32, bool)> = vec![(0.9, true); 300];
        curve.push((0.9, false));
        curve.extend([(0.5, false), (0.4, true), (-1.0, false)]);
        assert!((answered(curve) - 301.0 * 100.0 / 304.0).abs() < 1e-9);
        assert!((answered(vec![(0.9, true), (0.9, false)])).abs() < 1e-9);
    }
}
