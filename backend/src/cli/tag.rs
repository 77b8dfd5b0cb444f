//! `klarsvar tag`: JSON lines of comments in, JSON lines of tags out, same order, one line in memory at a time.
//! Needs no database. Comment text goes to standard output only where `--explain` asks for the phrase.

use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::domain::tag::{Flag, Tag, Tags};
use crate::tagging::{self, Context};

/// Longest line that is read, in bytes; a longer one is a bad line.
const LINE_BYTES: u64 = 4 * 1024 * 1024;

#[derive(Deserialize)]
struct Comment<'a> {
    /// Given back as it came, be it text or number.
    #[serde(borrow)]
    id: &'a RawValue,
    text: String,
    #[serde(default)]
    ad_language: Option<String>,
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a RawValue,
    language: Language<'a>,
    narratives: Vec<Said<'a>>,
    classes: Vec<Said<'a>>,
    flags: Vec<Said<'a>>,
    spans: &'a [crate::domain::tag::Span],
}

#[derive(Serialize)]
struct Language<'a> {
    code: &'a str,
    script: &'a str,
    confidence: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
}

#[derive(Serialize)]
struct Said<'a> {
    key: &'a str,
    score: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    tier: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phrase: Option<&'a str>,
}

/// Tags every line of `input` to `output`; with `explain`, each tag also tells source, version and matched phrase.
///
/// Gives whether all lines were good. A bad line gives an error object on its own line and work goes on.
///
/// # Errors
/// Reading or writing failed.
pub fn run(mut input: impl BufRead, mut output: impl Write, explain: bool) -> io::Result<bool> {
    let mut all_good = true;
    let mut line = Vec::new();
    let mut number: u64 = 0;
    loop {
        line.clear();
        if io::Read::take(&mut input, LINE_BYTES).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        number += 1;
        let too_long = line.last() != Some(&b'\n') && u64::try_from(line.len()) == Ok(LINE_BYTES);
        if too_long {
            input.skip_until(b'\n')?;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let parsed = if too_long {
            Err("the line is longer than 4 MiB".to_owned())
        } else {
            parse(&line)
        };
        match parsed {
            Ok(comment) => answer(&mut output, &comment, explain)?,
            Err(message) => {
                all_good = false;
                let error = serde_json::json!({ "line": number, "error": { "code": "bad-line", "message": message } });
                serde_json::to_writer(&mut output, &error)?;
            }
        }
        output.write_all(b"\n")?;
    }
    output.flush()?;
    Ok(all_good)
}

fn parse(line: &[u8]) -> Result<Comment<'_>, String> {
    let text = std::str::from_utf8(line).map_err(|_| "the line is not UTF-8".to_owned())?;
    // The parser's own message can hold a piece of the comment: tell the place only.
    let comment: Comment<'_> = serde_json::from_str(text).map_err(|error| {
        let kind = if error.is_data() {
            "the object has not the fields id and text"
        } else {
            "the line is not one JSON object"
        };
        format!("{kind} (column {})", error.column())
    })?;
    let id = comment.id.get();
    if id.starts_with('"') || id.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        Ok(comment)
    } else {
        Err("id is neither text nor number".to_owned())
    }
}

fn answer(output: &mut impl Write, comment: &Comment<'_>, explain: bool) -> io::Result<()> {
    let context = Context {
        ad_language: comment.ad_language.as_deref(),
        declared_language: None,
    };
    let tags = tagging::tag(&comment.text, &context);
    let said = |tag| said(tag, &tags, &comment.text, explain);
    let line = Line {
        id: comment.id,
        language: Language {
            code: &tags.language.code,
            script: &tags.language.script,
            confidence: tags.language.confidence,
            source: explain.then_some(tags.language.source.as_str()),
            version: explain.then_some(&tags.language.version),
        },
        narratives: tags.narratives.iter().map(said).collect(),
        classes: tags.classes.iter().map(said).collect(),
        flags: tags.flags.iter().map(said).collect(),
        spans: &tags.spans,
    };
    serde_json::to_writer(output, &line)?;
    Ok(())
}

fn said<'a>(tag: &'a Tag, tags: &Tags, text: &'a str, explain: bool) -> Said<'a> {
    // Personal data is never repeated, not even to explain.
    let phrase = tags
        .spans
        .iter()
        .filter(|span| explain && span.key == tag.key && tag.key != Flag::PersonalData.as_str())
        .max_by_key(|span| span.end.saturating_sub(span.start))
        .and_then(|span| text.get(span.start..span.end));
    Said {
        key: &tag.key,
        score: tag.score,
        tier: tag.tier.map(crate::domain::tag::Tier::as_str),
        source: explain.then_some(tag.source.as_str()),
        version: explain.then_some(&tag.version),
        phrase,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tagged(input: &str, explain: bool) -> (bool, Vec<serde_json::Value>) {
        let mut output = Vec::new();
        let good = run(input.as_bytes(), &mut output, explain).unwrap();
        let lines = std::str::from_utf8(&output)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        (good, lines)
    }

    #[test]
    fn lines_come_out_in_order_with_the_fields_of_the_contract() {
        let (good, lines) = tagged(
            "{\"id\":\"a\",\"text\":\"Tack för bra info!\"}\n\n{\"id\":7,\"text\":\"ring 070-174 06 05\"}",
            false,
        );
        assert!(good);
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["id"], "a");
        assert_eq!(lines[0]["language"]["code"], "sv");
        assert!(lines[0]["language"].get("source").is_none());
        assert_eq!(lines[1]["id"], 7);
        assert_eq!(lines[1]["flags"][0]["key"], "personal-data");
        let span = serde_json::json!({ "key": "personal-data", "start": 5, "end": 18 });
        assert!(lines[1]["spans"].as_array().is_some_and(|spans| spans.contains(&span)));
    }

    #[test]
    fn bad_lines_are_named_by_number_and_work_goes_on() {
        let (good, lines) = tagged(
            "nonsense\n{\"id\":\"x\"}\n{\"id\":[1],\"text\":\"\"}\n{\"id\":\"b\",\"text\":\"\\ud800\"}\n{\"id\":\"c\",\"text\":\"\"}\n",
            false,
        );
        assert!(!good);
        for (index, line) in lines[..4].iter().enumerate() {
            assert_eq!(line["line"], index + 1);
            assert_eq!(line["error"]["code"], "bad-line");
        }
        assert_eq!(lines[4]["language"]["code"], "und");
    }

    #[test]
    fn bytes_that_are_no_text_are_a_bad_line() {
        let mut output = Vec::new();
        assert!(
            !run(
                &b"{\"id\":\"a\",\"text\":\"\xff\"}\n{\"id\":\"b\",\"text\":\"hej\"}\n"[..],
                &mut output,
                false
            )
            .unwrap()
        );
        assert_eq!(output.iter().filter(|&&byte| byte == b'\n').count(), 2);
    }

    #[test]
    fn explanation_names_source_version_and_phrase_but_never_personal_data() {
        let (_, lines) = tagged(
            "{\"id\":\"a\",\"text\":\"Socialtjänsten kidnappar barn! 640823-3234\"}\n",
            true,
        );
        assert_eq!(lines[0]["narratives"][0]["phrase"], "kidnappar barn");
        assert_eq!(lines[0]["narratives"][0]["source"], "model");
        assert!(lines[0]["narratives"][0]["version"].is_string());
        assert!(lines[0]["flags"][0].get("phrase").is_none());
    }
}
