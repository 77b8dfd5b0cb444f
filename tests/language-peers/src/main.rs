//! Lingua, restricted to the languages of the desk that it knows, on labelled comments: the same figures as
//! `klarsvar bench language` prints, for the table beside it. One thread.
//!
//! `cargo run --release --target-dir target/peers --manifest-path tests/language-peers/Cargo.toml -- dev.tsv`

#[path = "../../../backend/src/cli/bench/score.rs"]
#[expect(dead_code, reason = "the predictions of the desk's own bench are not written here")]
mod score;

use std::process::ExitCode;
use std::time::Instant;

use lingua::LanguageDetectorBuilder;
use score::{Row, Said};

fn main() -> ExitCode {
    let Some(file) = std::env::args()
        .nth(1)
        .and_then(|path| std::fs::read_to_string(path).ok())
    else {
        eprintln!("usage: language-peers DEV.tsv");
        return ExitCode::from(2);
    };
    let rows: Vec<Row> = file.lines().skip(1).filter_map(row).collect();
    let before = memory();
    let began = Instant::now();
    // All that the features of the package turn on.
    let detector = LanguageDetectorBuilder::from_all_languages()
        .with_preloaded_language_models()
        .build();
    let start = began.elapsed();
    let began = Instant::now();
    let said: Vec<Said> = rows
        .iter()
        .map(|row| {
            let best = detector
                .compute_language_confidence_values(row.text.as_str())
                .into_iter()
                .next();
            let best = best.filter(|(_, confidence)| *confidence > 0.0);
            best.map_or_else(
                || (String::new(), 0.0),
                |(language, confidence)| (language.iso_code_639_3().to_string().to_lowercase(), confidence as f32),
            )
        })
        .collect();
    let speed = rows.len() as f64 / began.elapsed().as_secs_f64();
    println!("lingua, listed: {} comments", rows.len());
    for (name, percent) in score::figures(&rows, &said) {
        println!("{name:36} % {percent:8.2}");
    }
    println!("comments/s, one core {speed:.0}");
    println!("until ready, ms {:.0}", start.as_secs_f64() * 1_000.0);
    if let (Some(before), Some(after)) = (before, memory()) {
        println!("more memory, MB {:.0}", after.saturating_sub(before) as f64 / 1e3);
    }
    ExitCode::SUCCESS
}

fn row(line: &str) -> Option<Row> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [id, lang, script, bucket, _, text] = *fields else {
        return None;
    };
    Some(Row {
        id: id.to_owned(),
        lang: lang.to_owned(),
        latin: script == "Latn",
        bucket: bucket.to_owned(),
        text: text.to_owned(),
    })
}

/// Kilobytes of this process in memory.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}
