//! `klarsvar check`.

use sea_orm::ConnectionTrait;
use serde_json::Value;

use super::runs;
use crate::support::database;

fn lines(out: &str) -> Vec<(String, bool)> {
    out.lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .map(|line| (line["what"].as_str().expect("a name").to_owned(), line["ok"] == true))
        .collect()
}

#[tokio::test]
async fn what_is_red_is_named_and_the_exit_code_says_so() {
    let place = database::fresh().await;
    let db = database::look(&place.url).await;
    // The cast's day may lie ahead of the machine's.
    db.execute_unprepared("UPDATE event SET at = 0")
        .await
        .expect("an update");
    let fine = runs(&place.url, &["--json", "check"]).await;
    assert_eq!(fine.code, Some(0), "{} {}", fine.out, fine.err);
    let names: Vec<String> = lines(&fine.out).into_iter().map(|(what, _)| what).collect();
    assert_eq!(
        names,
        [
            "configuration",
            "database",
            "connector facebook",
            "connector instagram",
            "connector manual",
            "clock"
        ]
    );
    db.execute_unprepared("UPDATE connector SET access_token = '' WHERE name = 'facebook'")
        .await
        .expect("an update");
    let red = runs(&place.url, &["--json", "check"]).await;
    assert_eq!(red.code, Some(1), "{}", red.out);
    let red: Vec<String> = lines(&red.out)
        .into_iter()
        .filter(|(_, ok)| !ok)
        .map(|(what, _)| what)
        .collect();
    assert_eq!(red, ["connector facebook"]);
}

#[tokio::test]
async fn a_database_without_the_schema_is_red_and_a_wrong_setting_is_bad_input() {
    let empty = database::empty().await;
    // The file of an embedded database is there once somebody has opened it.
    drop(
        database::look(&format!(
            "{}{}",
            empty.url,
            if empty.url.starts_with("sqlite") {
                "?mode=rwc"
            } else {
                ""
            }
        ))
        .await,
    );
    let said = runs(&empty.url, &["check"]).await;
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(said.out.contains("klarsvar migrate up"), "{}", said.out);
    let said = runs("mysql://nowhere/desk", &["check"]).await;
    assert!(matches!(said.code, Some(1 | 2)), "{:?} {}", said.code, said.out);
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("wrong.toml");
    std::fs::write(&path, "[lane]\nlease_sec = 5\n").expect("a file");
    let said = runs(&empty.url, &["check", "--config", path.to_str().expect("a path")]).await;
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("lease_sec"), "{}", said.err);
}
