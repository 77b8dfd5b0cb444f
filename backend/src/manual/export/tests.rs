use std::io::Cursor;

use super::*;

fn file(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/import");
    std::fs::read(path.join(name)).expect("the file")
}

fn said() -> Said {
    Said {
        connector: "snapchat".to_owned(),
        map: Vec::new(),
        zone: chrono_tz::Europe::Stockholm,
        order: None,
        encoding: None,
        delimiter: None,
        post: None,
        ad: None,
        latest: "2026-12-01T00:00:00Z".parse().expect("an instant"),
    }
}

fn read(bytes: &[u8], said: Said) -> Result<Vec<Row>, Unusable> {
    let open = || Ok(Box::new(Cursor::new(bytes.to_vec())) as Box<dyn Read>);
    let export = Export::look(&open, said)?;
    let mut rows = export.rows(&open)?;
    let mut all = Vec::new();
    while let Some(row) = rows.row()? {
        all.push(row);
    }
    Ok(all)
}

fn entries(name: &str) -> Vec<Entry> {
    let rows = read(&file(name), said()).expect(name);
    rows.into_iter().filter_map(|row| row.entry.ok()).collect()
}

fn at(entry: &Entry) -> String {
    entry.written_at.map(|at| at.to_rfc3339()).unwrap_or_default()
}

#[test]
fn every_export_gives_its_comments_with_what_belongs_to_them() {
    let meta = entries("meta-page-comments.csv");
    assert_eq!(meta.len(), 3);
    assert_eq!(
        meta[0].text,
        "Hej!\n\nVart ringer man om man vill ha hjälp? \"Jouren\" svarar inte."
    );
    assert_eq!(meta[1].parent.as_deref(), Some("520000000000101_900001"));
    assert_eq!(meta[2].author.as_deref(), Some("نور مثال"));
    assert_eq!(meta[2].post.as_deref(), Some("410000000000017_520000000000102"));
    assert_eq!(at(&meta[0]), "2026-11-20T09:12:44+00:00");

    let youtube = entries("youtube-archive-comments.csv");
    assert_eq!(youtube[1].text, "Domstolen. Läs mer på webben");
    let posts: Vec<_> = youtube.iter().map(|entry| entry.post.as_deref()).collect();
    assert_eq!(posts, [Some("vid00000001"), Some("vid00000001"), Some("Ugkx0001")]);

    let tiktok = entries("tiktok-ad-comments.csv");
    assert_eq!(tiktok[0].external_id.as_deref(), Some("7300000000000000017"));
    assert_eq!(tiktok[0].ad.as_deref(), Some("1800000000000000101"));
    // Which of 11/09 is the day is told by the row above it.
    let times: Vec<String> = tiktok.iter().map(at).collect();
    assert_eq!(
        times,
        [
            "2026-11-20T20:15:00+00:00",
            "2026-11-09T09:00:30+00:00",
            "2026-11-09T23:05:00+00:00"
        ]
    );

    let excel = entries("excel-utf8-semicolon.csv");
    assert_eq!(excel.len(), 3);
    assert_eq!(excel[2].text, "ما هو LVU؟\nأريد أن أعرف; من فضلكم");
    assert_eq!(at(&excel[1]), "2026-11-20T13:20:00+00:00");

    let windows = entries("swedish-windows-1252.csv");
    assert_eq!(windows[0].author.as_deref(), Some("Åsa Prov"));
    assert!(windows[0].text.contains("månader – är"));
    assert_eq!(at(&windows[1]), "2026-11-21T07:30:00+00:00");

    let unicode = entries("arabic-unicode-text.txt");
    assert_eq!(unicode[1].text, "قال لي جاري \"لا تثق بهم\"");
    assert_eq!(at(&unicode[0]), "2026-11-20T13:05:00+00:00");

    let announced = entries("announced-separator.csv");
    assert_eq!(announced[0].text, "hej, hur går det till; sen då");
    assert_eq!(announced[0].language.as_deref(), Some("sv"));
}

#[test]
fn each_bad_row_is_named_by_its_line_and_the_good_ones_are_read() {
    let rows = read(&file("bad-rows.csv"), said()).expect("rows");
    let told: Vec<(u64, &str)> = rows
        .iter()
        .map(|row| {
            (
                row.line,
                row.entry.as_ref().map_or_else(|wrong| wrong.code(), |_| "good"),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (2, "good"),
            (3, "no-text"),
            (4, "time-skipped"),
            (5, "time-form"),
            (6, "rounded"),
            (7, "columns"),
            (8, "time-range"),
            (9, "letters-lost"),
            (10, "good"),
            (12, "unclosed"),
        ]
    );
    let rows = read(&file("comments.jsonl"), said()).expect("rows");
    let told: Vec<(u64, &str)> = rows
        .iter()
        .map(|row| {
            (
                row.line,
                row.entry.as_ref().map_or_else(|wrong| wrong.code(), |_| "good"),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (1, "good"),
            (3, "good"),
            (4, "type"),
            (5, "not-json"),
            (6, "other-connector"),
            (7, "good")
        ]
    );
    let second = rows[1].entry.as_ref().expect("a comment");
    assert_eq!(
        (
            second.external_id.as_deref(),
            second.author.as_deref(),
            second.text.as_str()
        ),
        (Some("7300000000000000021"), Some("Sam"), "ok\ndå")
    );
}

#[test]
fn what_a_file_leaves_open_is_asked_for() {
    let rows = read(&file("ambiguous-dates.csv"), said()).expect("rows");
    assert!(
        rows.iter()
            .all(|row| row.entry == Err(Wrong::Time(super::super::moment::Untold::Ambiguous)))
    );
    let order = Some(Order::DayFirst);
    let rows = read(&file("ambiguous-dates.csv"), Said { order, ..said() }).expect("rows");
    assert!(rows.iter().all(|row| row.entry.is_ok()));

    let refused = read(&file("unknown-headings.csv"), said()).expect_err("no text");
    assert!(
        matches!(&refused, Unusable::NoText(headings) if headings == "Vad de skrev, När"),
        "{refused}"
    );
    let map = vec![
        (Field::Text, "vad de skrev".to_owned()),
        (Field::CreatedAt, "När".to_owned()),
    ];
    let rows = read(&file("unknown-headings.csv"), Said { map, ..said() }).expect("rows");
    assert_eq!(
        at(rows[0].entry.as_ref().expect("a comment")),
        "2026-11-20T09:00:00+00:00"
    );
    assert!(matches!(read(b" \n", said()), Err(Unusable::Empty)));
    assert!(matches!(read(b"[{}]", said()), Err(Unusable::JsonList)));
}

#[test]
fn rows_cut_out_of_a_file_are_a_file_again_and_mean_the_same() {
    for name in [
        "meta-page-comments.csv",
        "swedish-windows-1252.csv",
        "arabic-unicode-text.txt",
        "comments.jsonl",
    ] {
        let bytes = file(name);
        let open = || Ok(Box::new(Cursor::new(bytes.clone())) as Box<dyn Read>);
        let export = Export::look(&open, said()).expect(name);
        let mut cut = export.opening().to_vec();
        let mut keys = Vec::new();
        let mut rows = export.rows(&open).expect(name);
        while let Some(row) = rows.row().expect(name) {
            cut.extend_from_slice(&row.raw);
            keys.extend(row.entry.map(|entry| entry.key("snapchat")));
        }
        let again = read(&cut, said()).expect(name);
        let again: Vec<String> = again
            .into_iter()
            .filter_map(|row| row.entry.ok())
            .map(|entry| entry.key("snapchat"))
            .collect();
        assert_eq!(again, keys, "{name}");
    }
}

/// A row, over and over, made while it is read: the file is never in memory.
struct Endless<'a> {
    opening: &'a [u8],
    row: &'a [u8],
    left: usize,
}

impl Read for Endless<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.opening.is_empty() && self.left > 0 {
            self.opening = self.row;
            self.left -= 1;
        }
        let count = self.opening.len().min(into.len());
        into[..count].copy_from_slice(&self.opening[..count]);
        self.opening = &self.opening[count..];
        Ok(count)
    }
}

#[test]
fn a_file_of_any_length_is_read_with_the_memory_of_one_row() {
    let open = || {
        Ok(Box::new(Endless {
            opening: b"text;created_at\n",
            row: "Hej på er;2026-11-20 10:00\n".as_bytes(),
            left: 20_000,
        }) as Box<dyn Read>)
    };
    let export = Export::look(&open, said()).expect("an export");
    let mut rows = export.rows(&open).expect("rows");
    let (mut count, mut most) = (0, 0);
    while let Some(row) = rows.row().expect("a row") {
        assert!(row.entry.is_ok());
        count += 1;
        most = most.max(row.raw.capacity());
    }
    assert_eq!(count, 20_000);
    assert!(most < 1024, "{most} bytes for a row of 30");
}

/// Numbers that are the same at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % most.max(1)
    }
}

#[test]
fn no_file_however_broken_is_more_than_refused() {
    let whole: Vec<Vec<u8>> = [
        "meta-page-comments.csv",
        "tiktok-ad-comments.csv",
        "swedish-windows-1252.csv",
        "arabic-unicode-text.txt",
        "announced-separator.csv",
        "bad-rows.csv",
        "comments.jsonl",
    ]
    .into_iter()
    .map(file)
    .collect();
    const PIECES: &[&[u8]] = &[
        b"\"",
        b"\0",
        b"\xFF\xFE",
        b"\r",
        b"\n",
        b";",
        b",",
        b"{",
        b"}",
        b"[[[[",
        b"\xE2\x80\xAE",
        b"sep=",
        b"99/99/9999",
        b"1E+9",
        b"-9223372036854775808",
        b"\xD8\x00",
        b"2026-02-30T24:61:61+99:99",
        b"=\"",
        b"{\"text\":",
        b"\xEF\xBB\xBF",
        b"46349,9999999999999",
    ];
    let mut dice = Dice(20_261_123);
    let (mut good, mut bad, mut refused) = (0, 0, 0);
    for round in 0..4_000 {
        let mut bytes = whole[dice.below(whole.len())].clone();
        for _ in 0..=dice.below(6) {
            let at = dice.below(bytes.len());
            match dice.below(5) {
                0 => bytes.truncate(at),
                1 => {
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte = u8::try_from(dice.below(256)).expect("a byte");
                    }
                }
                2 => {
                    let piece = PIECES[dice.below(PIECES.len())];
                    bytes.splice(at..at, piece.iter().copied());
                }
                3 => {
                    let end = (at + dice.below(40)).min(bytes.len());
                    bytes.drain(at..end);
                }
                _ => {
                    let end = (at + dice.below(200)).min(bytes.len());
                    let again = bytes[at..end].to_vec();
                    bytes.extend(again);
                }
            }
        }
        match read(&bytes, said()) {
            Ok(rows) => {
                for row in rows {
                    match row.entry {
                        Ok(entry) => {
                            good += 1;
                            assert!(
                                !entry.text.trim().is_empty() && !entry.text.contains('\0'),
                                "round {round}"
                            );
                        }
                        Err(_) => bad += 1,
                    }
                }
            }
            Err(_) => refused += 1,
        }
    }
    assert!(good > 1_000 && bad > 1_000 && refused > 50, "{good} {bad} {refused}");
}
