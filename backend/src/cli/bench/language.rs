//! `klarsvar bench language`: the shipped language model on labelled comments, raw text in, beside whatlang alone and
//! whatlang restricted to the desk's languages. One thread; needs no database.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use whatlang::{Detector, Lang};

use super::score::{self, Row, Said};
use crate::cli::Failed;
use crate::tagging::language;

/// The languages of the desk that whatlang knows.
const ALLOWED: [Lang; 17] = [
    Lang::Swe,
    Lang::Ara,
    Lang::Eng,
    Lang::Pes,
    Lang::Tur,
    Lang::Hrv,
    Lang::Srp,
    Lang::Fin,
    Lang::Pol,
    Lang::Ukr,
    Lang::Rus,
    Lang::Nob,
    Lang::Dan,
    Lang::Urd,
    Lang::Deu,
    Lang::Spa,
    Lang::Fra,
];

/// One detector's run over all comments.
struct Run {
    name: &'static str,
    said: Vec<Said>,
    /// Comments in a second.
    speed: f64,
    /// Until the first answer.
    start: Duration,
    /// Memory that the process holds more than before, where the system tells.
    memory: Option<u64>,
}

/// Measures, and prints a table.
#[expect(clippy::print_stdout, reason = "the answer of a command")]
pub fn run(dev: &Path, predictions: Option<&Path>) -> Result<(), Failed> {
    let file = std::fs::read_to_string(dev).map_err(|error| Failed::Input(format!("{}: {error}", dev.display())))?;
    let rows = rows(&file)?;
    let ours = measure("klarsvar", &rows, |text| {
        let told = language::of(text);
        (told.code.to_owned(), told.confidence)
    });
    let alone = measure("whatlang", &rows, |text| guess(whatlang::detect(text)));
    let restricted = Detector::with_allowlist(ALLOWED.to_vec());
    let listed = measure("whatlang, listed", &rows, |text| guess(restricted.detect(text)));
    if let Some(path) = predictions {
        let mut lines = "id\tlang\tconfidence\n".to_owned();
        for (row, (code, confidence)) in rows.iter().zip(&ours.said) {
            let _ = writeln!(lines, "{}\t{code}\t{confidence}", row.id);
        }
        std::fs::write(path, lines)?;
    }
    print!("{}", table(&rows, &[ours, alone, listed]));
    Ok(())
}

#[expect(clippy::cast_possible_truncation, reason = "a share between 0 and 1")]
fn guess(info: Option<whatlang::Info>) -> Said {
    info.map_or_else(
        || (String::new(), 0.0),
        |info| (info.lang().code().to_owned(), info.confidence() as f32),
    )
}

fn rows(file: &str) -> Result<Vec<Row>, Failed> {
    let mut rows = Vec::new();
    for (number, line) in (1_u64..).zip(file.lines()).skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [id, lang, script, bucket, _, text] = *fields else {
            return Err(Failed::Input(format!("line {number} has not six columns")));
        };
        rows.push(Row {
            id: id.to_owned(),
            lang: lang.to_owned(),
            latin: script == "Latn",
            bucket: bucket.to_owned(),
            text: text.to_owned(),
        });
    }
    if rows.is_empty() {
        return Err(Failed::Input("the file holds no comments".to_owned()));
    }
    Ok(rows)
}

fn measure(name: &'static str, rows: &[Row], tell: impl Fn(&str) -> Said) -> Run {
    let before = memory();
    let began = Instant::now();
    std::hint::black_box(tell("Hej, kan någon svara på detta?"));
    let start = began.elapsed();
    let said: Vec<Said> = rows.iter().map(|row| tell(&row.text)).collect();
    let memory = memory().zip(before).map(|(after, before)| after.saturating_sub(before));
    // The best of five rounds: other work of the machine only ever takes away.
    let best = (0..5)
        .map(|_| {
            let began = Instant::now();
            for row in rows {
                std::hint::black_box(tell(std::hint::black_box(&row.text)));
            }
            began.elapsed()
        })
        .min()
        .unwrap_or_default();
    Run {
        name,
        said,
        speed: rows.len() as f64 / best.as_secs_f64().max(1e-9),
        start,
        memory,
    }
}

/// Bytes of this process in memory.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib * 1024)
}

fn table(rows: &[Row], runs: &[Run]) -> String {
    let mut lines = format!("{:38}", format!("{} comments", rows.len()));
    for run in runs {
        let _ = write!(lines, "{:>18}", run.name);
    }
    lines.push('\n');
    let figures: Vec<_> = runs.iter().map(|run| score::figures(rows, &run.said)).collect();
    if let Some(first) = figures.first() {
        for (at, (name, _)) in first.iter().enumerate() {
            let _ = write!(lines, "{name:36} %");
            for figures in &figures {
                let _ = write!(lines, "{:18.2}", figures.get(at).map_or(f64::NAN, |figure| figure.1));
            }
            lines.push('\n');
        }
    }
    let mut line = |name: &str, show: &dyn Fn(&Run) -> String| {
        let _ = write!(lines, "{name:38}");
        for run in runs {
            let _ = write!(lines, "{:>18}", show(run));
        }
        lines.push('\n');
    };
    line("comments/s, one core", &|run| format!("{:.0}", run.speed));
    line("until the first answer, ms", &|run| {
        format!("{:.2}", run.start.as_secs_f64() * 1_000.0)
    });
    line("more memory, MB", &|run| {
        run.memory
            .map_or_else(|| "?".to_owned(), |bytes| format!("{:.1}", bytes as f64 / 1e6))
    });
    lines
}
