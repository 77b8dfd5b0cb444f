//! What is said over time, and the reports: the same figures on the page, in the file and from the command.

use chrono::TimeDelta;
use klarsvar::decision::guard::GuardCode;
use klarsvar::domain::lane::Lane;
use klarsvar::hourly::keep;

use super::{form, page};
use crate::cli::runs;
use crate::journey::answers::decides;
use crate::journey::templates::approved;
use crate::support::sample::{ARABIC, SWEDISH};
use crate::support::{Cast, Member, TestDesk, database};

const KIDNAP: &str = "Soc kidnappar muslimska barn och säljer dem!";
const WEEK: &str = "/reports/week/2026-W47";

async fn counts(desk: &TestDesk) {
    desk.runs(|app| async move { keep::keep(&app).await })
        .await
        .expect("it counts");
}

/// Rows of a file: table, row, column, value.
fn rows(csv: &str) -> Vec<[String; 4]> {
    let text = csv.strip_prefix('\u{feff}').expect("a byte order mark");
    let row = |line: &str| {
        let fields: Vec<String> = line.split(';').map(str::to_owned).collect();
        fields.try_into().expect("four fields")
    };
    text.lines().skip(1).map(row).collect()
}

/// The counts among cells, as they are written on a page.
fn counted<'a>(cells: impl Iterator<Item = &'a str>) -> Vec<String> {
    let cells = cells.map(|cell| cell.replace("&lt;", "<"));
    cells
        .filter(|cell| cell == "< 5" || cell.parse::<u32>().is_ok())
        .collect()
}

/// What stands in the cells of a page's tables of figures, without markup.
fn cells(html: &str) -> Vec<String> {
    let tables = html
        .split("figure-table")
        .skip(1)
        .filter_map(|part| part.split("</table>").next());
    let cells = tables.flat_map(|table| table.split("<td").skip(1));
    let text = |cell: &str| {
        let inside = cell
            .split_once('>')
            .expect("a cell")
            .1
            .split("</td>")
            .next()
            .expect("its end");
        let mut plain = String::new();
        for part in inside.split('<') {
            plain.push_str(part.split_once('>').map_or(part, |(_, text)| text));
        }
        // Times are told with their unit.
        let plain = plain.replace(['\u{2068}', '\u{2069}'], "");
        plain.strip_suffix(" minuter").unwrap_or(&plain).trim().to_owned()
    };
    cells.map(text).collect()
}

#[tokio::test]
async fn the_page_counts_what_came_and_narrows_it() {
    let desk = TestDesk::start().await;
    desk.has_comments("a", 7, ARABIC).await;
    desk.has_comments("k", 9, KIDNAP).await;
    counts(&desk).await;
    let lars = desk.signs_in(Cast::Lars).await;
    for (query, came) in [
        ("", "16"),
        ("?days=1&language=ar", "7"),
        ("?narrative=social-services-kidnap", "9"),
        ("?days=365&platform=tiktok", "0"),
        ("?days=5000&language=%3Cb%3E&platform=none", "16"),
    ] {
        let file = page(&desk, &lars, &format!("/insight.csv{query}")).await;
        file.is(200);
        assert!(file.header("content-disposition").contains(".csv"));
        assert_eq!(rows(&file.text)[0][3], came, "{query}: {}", file.text);
        let shown = page(&desk, &lars, &format!("/insight{query}")).await;
        shown.is(200);
        assert_eq!(cells(&shown.text)[0], came, "{query}");
    }
}

#[tokio::test]
async fn page_file_and_command_tell_the_same_report_and_cover_what_is_few() {
    let place = database::fresh().await;
    let url = place.url.clone();
    let desk = TestDesk::on(place, |_| {}, None).await;
    desk.has_comments("k", 3, KIDNAP).await;
    desk.has_comments("s", 8, SWEDISH).await;
    desk.clock.advance(TimeDelta::minutes(5));
    counts(&desk).await;
    let lars = desk.signs_in(Cast::Lars).await;
    let shown = page(&desk, &lars, WEEK).await;
    shown.is(200);
    let file = page(&desk, &lars, &format!("{WEEK}/csv")).await;
    file.is(200);
    let told = rows(&file.text);
    let (on_page, in_file) = (cells(&shown.text), counted(told.iter().map(|row| row[3].as_str())));
    assert_eq!(counted(on_page.iter().map(String::as_str)), in_file);
    assert!(
        in_file.contains(&"11".to_owned()) && in_file.contains(&"< 5".to_owned()),
        "{in_file:?}"
    );
    assert!(
        !in_file.contains(&"3".to_owned()),
        "three could be somebody: {in_file:?}"
    );
    assert!(
        !shown.text.contains("kidnappar muslimska"),
        "no comment's text leaves the desk"
    );

    let said = runs(&url, &["report", "week", "2026-W47"]).await;
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    assert_eq!(said.out, file.text);
    let said = runs(&url, &["--json", "report", "week", "2026-W47"]).await;
    let report: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!(report["findings"][0]["count"], 11);
    let said = runs(&url, &["report", "week", "2026-W54"]).await;
    assert_eq!(said.code, Some(2), "{}", said.err);
}

#[tokio::test]
async fn a_period_that_is_none_is_not_found_and_one_without_comments_says_so() {
    let desk = TestDesk::start().await;
    let lars = desk.signs_in(Cast::Lars).await;
    for path in ["/reports/week/2026-W54", "/reports/day/2026-11", "/reports/month/x"] {
        page(&desk, &lars, path).await.is(404);
    }
    let shown = page(&desk, &lars, "/reports/month/2020-02").await;
    shown.is(200);
    assert!(shown.text.contains("Inga kommentarer kom in"), "{}", shown.text);
    assert!(!shown.text.contains("NaN"));
}

#[tokio::test]
async fn a_supervisor_names_a_story_and_the_report_calls_it_so_without_running_it() {
    let desk = TestDesk::start().await;
    desk.has_comments("k", 6, KIDNAP).await;
    desk.runs(|app| async move {
        klarsvar::story::gather::gather(&app).await.expect("stories are read");
        klarsvar::story::tally::tally(&app).await.expect("stories are counted");
    })
    .await;
    let sofia = desk.signs_in(Cast::Sofia).await;
    let shown = page(&desk, &sofia, "/insight").await;
    let id = shown
        .text
        .split("id=\"story-")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let path = format!("/insight/stories/{}/rename", id.expect("a story"));
    let title = "title=%3D1%2B1%3Cb%3E";
    form(&desk, &sofia, &path, title, false).await.is(303);
    let shown = page(&desk, &sofia, "/insight").await;
    assert!(
        shown.text.contains("1+1&lt;b&gt;") && !shown.text.contains("1+1<b>"),
        "{}",
        shown.text
    );
    let file = page(&desk, &sofia, &format!("{WEEK}/csv")).await;
    assert!(rows(&file.text).iter().any(|row| row[1] == "'=1+1<b>"), "{}", file.text);
    let lars = desk.signs_in(Cast::Lars).await;
    form(&desk, &lars, &path, title, false).await.is(403);
}

/// A comment under a post of its own, or an answer in its thread; gives its identifier.
async fn told(desk: &TestDesk, external_id: &str, post: usize, parent: Option<String>) -> String {
    let mut handed = serde_json::json!({
        "connector": "facebook", "external_id": external_id, "text": format!("{KIDNAP} ({external_id})"),
        "post": format!("post-{post}"), "author": { "id": external_id },
    });
    if let Some(parent) = parent {
        handed["parent"] = parent.into();
    }
    let answer = desk.hands_in(&handed).await.json(201);
    answer["id"].as_str().expect("an identifier").to_owned()
}

#[tokio::test]
async fn what_became_of_answered_threads_is_told_of_their_template() {
    let desk = TestDesk::start().await;
    approved(&desk, &["who-decides"]).await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let template = async |who: &Member| page(&desk, who, "/templates/who-decides").await.text;
    for thread in 0..20 {
        let id = told(&desk, &format!("first-{thread}"), thread, None).await;
        signe.claims(&id).await.is(200);
        let reply = serde_json::json!({
            "kind": "reply", "template": "who-decides", "variant": "sv", "revision": 1, "confirmed": GuardCode::ALL,
        });
        decides(&signe, &id, reply).await.is(202);
    }
    desk.clock.advance(TimeDelta::hours(1));
    for thread in 0..5 {
        told(
            &desk,
            &format!("again-{thread}"),
            thread,
            Some(format!("first-{thread}")),
        )
        .await;
    }
    // Somebody who talks of something else, or of it elsewhere, repeats nothing.
    desk.hands_in(&serde_json::json!({
        "connector": "facebook", "external_id": "other", "text": SWEDISH, "post": "post-6", "parent": "first-6",
    }))
    .await
    .is(201);
    told(&desk, "elsewhere", 7, Some("first-of-none".to_owned())).await;
    assert!(!template(&signe).await.contains("lugnade"), "their day is not over");
    desk.clock.advance(TimeDelta::hours(24));
    told(&desk, "late", 8, Some("first-8".to_owned())).await;
    let lars = desk.signs_in(Cast::Lars).await;
    let shown = template(&lars).await.replace(['\u{a0}', '\u{2068}', '\u{2069}'], " ");
    assert!(
        shown.contains("lugnade <bdi>75 %</bdi> · upprepades <bdi>25 %</bdi>"),
        "{shown}"
    );
    let insight = page(&desk, &lars, "/insight?days=7").await.text.replace('\u{a0}', " ");
    let row = insight.split("who-decides").nth(1).expect("a row");
    assert!(row.contains("75 %") && row.contains("25 %"), "{row}");
}
