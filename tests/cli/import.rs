//! `klarsvar import`.

use std::path::{Path, PathBuf};

use klarsvar::domain::comment::{CommentState, Presence};
use klarsvar::domain::lane::Lane;
use klarsvar::store::entity::{comment, delivery, event};
use sea_orm::{EntityTrait, PaginatorTrait, QueryOrder};
use serde_json::Value;

use super::runs;
use crate::support::database;

/// A file of `tests/data/import`, a year earlier: the machine's clock may be behind the day of the tests.
fn file(directory: &Path, name: &str) -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/import").join(name);
    let mut bytes = std::fs::read(from).expect("the file");
    let (year, before) = (b"2026", b"2025");
    for at in 0..bytes.len().saturating_sub(3) {
        if &bytes[at..at + 4] == year {
            bytes[at..at + 4].copy_from_slice(before);
        }
    }
    let path = directory.join(name);
    std::fs::write(&path, bytes).expect("a copy");
    path
}

fn result(out: &str) -> Value {
    serde_json::from_str(out.lines().last().expect("a line")).expect("JSON")
}

fn figures(result: &Value) -> [u64; 5] {
    ["rows", "comments", "new", "known", "refused"].map(|name| result[name].as_u64().expect(name))
}

#[tokio::test]
async fn an_export_goes_into_the_lanes_once_and_its_rows_are_kept() {
    let place = database::fresh().await;
    let directory = tempfile::tempdir().expect("a directory");
    let path = file(directory.path(), "excel-utf8-semicolon.csv");
    let path = path.to_str().expect("a path");
    let import = ["--json", "import", "--connector", "manual", path];
    let dry = runs(&place.url, &[&import[..], &["--dry-run"]].concat()).await;
    assert_eq!(dry.code, Some(0), "{} {}", dry.out, dry.err);
    assert_eq!(figures(&result(&dry.out)), [3, 3, 3, 0, 0]);
    assert_eq!(result(&dry.out)["columns"]["text"], "Kommentar");
    let db = database::look(&place.url).await;
    assert_eq!(comment::Entity::find().count(&db).await.expect("a count"), 0);

    let first = runs(&place.url, &import).await;
    assert_eq!(first.code, Some(0), "{} {}", first.out, first.err);
    assert_eq!(figures(&result(&first.out)), [3, 3, 3, 0, 0]);
    let rows = comment::Entity::find()
        .order_by_asc(comment::Column::Number)
        .all(&db)
        .await
        .expect("comments");
    let lanes: Vec<Lane> = rows.iter().map(|row| row.lane).collect();
    assert_eq!(lanes, [Lane::Sv, Lane::Sv, Lane::Ar]);
    assert!(
        rows.iter()
            .all(|row| row.state == CommentState::Open && row.presence == Presence::Known)
    );
    assert_eq!(rows[0].author_handle.as_deref(), Some("lotta_x"));
    assert_eq!(rows[0].ad.as_deref(), Some("snapchat-ad-sv"));
    assert_eq!(rows[2].text.as_deref(), Some("ما هو LVU؟\nأريد أن أعرف; من فضلكم"));
    let kept = delivery::Entity::find().all(&db).await.expect("deliveries");
    assert_eq!(kept.len(), 1);
    let raw = String::from_utf8(kept[0].body.clone()).expect("text");
    assert!(raw.starts_with("Datum;Användarnamn;Kommentar"), "{raw}");
    assert!(raw.contains("\"ما هو LVU؟\nأريد أن أعرف; من فضلكم\""), "{raw}");
    let events = event::Entity::find().count(&db).await.expect("a count");

    let again = runs(&place.url, &import).await;
    assert_eq!(again.code, Some(0), "{} {}", again.out, again.err);
    assert_eq!(figures(&result(&again.out)), [3, 3, 0, 3, 0]);
    assert_eq!(comment::Entity::find().count(&db).await.expect("a count"), 3);
    assert_eq!(delivery::Entity::find().count(&db).await.expect("a count"), 1);
    assert_eq!(event::Entity::find().count(&db).await.expect("a count"), events);
}

#[tokio::test]
async fn good_rows_go_in_beside_bad_ones_which_are_named_by_line() {
    let place = database::fresh().await;
    let directory = tempfile::tempdir().expect("a directory");
    let path = file(directory.path(), "bad-rows.csv");
    let path = path.to_str().expect("a path");
    let said = runs(&place.url, &["import", "--connector", "manual", path]).await;
    assert_eq!(said.code, Some(1), "{} {}", said.out, said.err);
    assert_eq!(
        said.out.trim(),
        "10 rows: 2 comments (2 new, 0 known), 8 refused",
        "{}",
        said.err
    );
    for line in [
        "line 3: there is no comment text",
        "line 4: no clock showed",
        "line 5: the time",
    ] {
        assert!(said.err.contains(line), "{line}: {}", said.err);
    }
    assert!(!said.err.contains("swallowed"), "what rows say is not printed");
    let said = runs(&place.url, &["--json", "import", "--connector", "manual", path]).await;
    let result = result(&said.out);
    assert_eq!(figures(&result), [10, 2, 0, 2, 8]);
    assert_eq!(result["errors"][1]["line"], 4);
    assert_eq!(result["errors"][1]["code"], "time-skipped");
}

#[tokio::test]
async fn what_cannot_be_read_at_all_stores_nothing_and_says_what_to_do() {
    let place = database::fresh().await;
    let directory = tempfile::tempdir().expect("a directory");
    let unknown = file(directory.path(), "unknown-headings.csv");
    let dates = file(directory.path(), "ambiguous-dates.csv");
    let endless = directory.path().join("endless.csv");
    let text = format!("text\nfine\n\"open\n{}", "word\n".repeat(60_000));
    std::fs::write(&endless, text).expect("a file");
    let path = |path: &Path| path.to_str().expect("a path").to_owned();
    for (arguments, told) in [
        (vec!["--connector", "manual", "nowhere.csv"], "cannot be read"),
        (
            vec!["--connector", "nobody", &path(&dates)],
            "there is no connector 'nobody'",
        ),
        (vec!["--connector", "manual", &path(&unknown)], "--map text=HEADING"),
        (vec!["--connector", "manual", &path(&dates)], "no row of the file"),
        (vec!["--connector", "manual", &path(&endless)], "line 3"),
        (
            vec!["--connector", "manual", "--map", "what=x", &path(&dates)],
            "external_id",
        ),
        (vec!["--connector", "manual", "--zone", "Mars", &path(&dates)], "--zone"),
        (
            vec!["--connector", "manual", "--dates", "both", &path(&dates)],
            "day-first",
        ),
    ] {
        let said = runs(&place.url, &[&["import"], &arguments[..]].concat()).await;
        assert_eq!(said.code, Some(2), "{arguments:?} {} {}", said.out, said.err);
        assert!(said.err.contains(told), "{arguments:?} {}", said.err);
    }
    let db = database::look(&place.url).await;
    assert_eq!(comment::Entity::find().count(&db).await.expect("a count"), 0);
    assert_eq!(delivery::Entity::find().count(&db).await.expect("a count"), 0);
    let (unknown, dates) = (path(&unknown), path(&dates));
    let mapped = [
        "import",
        "--connector",
        "manual",
        "--map",
        "text=Vad de skrev",
        &unknown,
    ];
    assert_eq!(runs(&place.url, &mapped).await.code, Some(0));
    let told = ["import", "--connector", "manual", "--dates", "day-first", &dates];
    assert_eq!(runs(&place.url, &told).await.code, Some(0));
    assert_eq!(comment::Entity::find().count(&db).await.expect("a count"), 3);
}
