//! Every route meets every member of the cast, nobody, and a programme: the expectation is written down here.

use klarsvar::domain::role::Right;
use klarsvar::http::routes::{Need, TABLE};
use reqwest::Method;

use crate::support::database::INGEST_TOKEN;
use crate::support::{Answer, Cast, TestDesk};

/// Who passes the door of a route; what happens behind it is tested elsewhere.
#[derive(Clone, Copy)]
enum Who {
    /// Everybody, signed in or not.
    All,
    /// Those named, by the first letter of Moderators, Supervisor, Lead, Editor, aDministrator, aUditor.
    Only(&'static str),
    /// The programme with its token alone.
    Programme,
}
use Who::{All, Only, Programme};

/// Anybody with a role.
const STAFF: Who = Only("MSLEDU");
const WORKS: Who = Only("MS");

/// The matrix: what the desk promises, whatever the code says.
fn expected(method: &str, path: &str) -> Option<Who> {
    Some(match (method, path) {
        (
            _,
            "/healthz"
            | "/readyz"
            | "/metrics"
            | "/hooks/{connector}"
            | "/a/{tree}/{path:.*}"
            | "/"
            | "/in"
            | "/out"
            | "/locale",
        ) => All,
        (_, "/api/v1/openapi.json" | "/accessibility") => All,
        ("post", "/api/v1/session") => All,
        ("delete", "/api/v1/session") => STAFF,
        (_, "/in/password" | "/wire" | "/go" | "/me" | "/go/check-in" | "/me/settings") => STAFF,
        (_, "/desk/{id}/blind") => WORKS,
        ("get", path) if path.starts_with("/desk") => STAFF,
        ("post", "/desk/{id}/reveal") => STAFF,
        ("post", path) if path.starts_with("/desk") => WORKS,
        ("post", "/api/v1/comments") => Programme,
        ("get", "/api/v1/comments/{id}/draft") => WORKS,
        ("get", "/api/v1/comments/{id}" | "/api/v1/comments/{id}/history" | "/api/v1/comments/{id}/why") => STAFF,
        (_, path) if path.starts_with("/api/v1/examples") || path.starts_with("/examples") => Only("SE"),
        ("get", path) if path.starts_with("/api/v1/narratives") || path.starts_with("/narratives") => Only("MSLE"),
        ("post", path) if path.starts_with("/api/v1/narratives") || path.starts_with("/narratives") => Only("SE"),
        ("post", path) if path.starts_with("/api/v1/comments/{id}/") => WORKS,
        ("delete", "/api/v1/decisions/{id}") => WORKS,
        (_, "/by-hand" | "/enter" | "/enter/store") => WORKS,
        ("post", "/decisions/{id}/undo" | "/outbox/{id}/retry" | "/outbox/{id}/answer") => WORKS,
        ("get", "/api/v1/queue" | "/api/v1/outbox" | "/api/v1/stream") => STAFF,
        ("post", "/api/v1/queue/next" | "/api/v1/outbox/{id}/answer" | "/api/v1/outbox/{id}/retry") => WORKS,
        (_, path) if path == "/api/v1/me" || path.starts_with("/api/v1/me/") => STAFF,
        (_, path) if path.starts_with("/api/v1/escalations") || path == "/esc" || path.starts_with("/esc/") => {
            Only("S")
        }
        ("get", path) if path.starts_with("/api/v1/templates") || path.starts_with("/templates") => Only("MSLE"),
        ("post", "/api/v1/templates/versions/{id}/{move}") => Only("SE"),
        ("post", path) if path.starts_with("/api/v1/templates") => Only("E"),
        (_, "/api/v1/load" | "/load" | "/need" | "/api/v1/agreement" | "/agreement") => Only("SL"),
        ("get", "/api/v1/staffing" | "/api/v1/waves") => Only("SL"),
        ("get", path) if path.starts_with("/insight") || path.starts_with("/reports") => Only("SL"),
        ("post", path) if path.starts_with("/insight/stories/") => Only("S"),
        ("get", "/api/v1/stories" | "/api/v1/stories/{id}") => Only("SL"),
        ("post", "/api/v1/stories/{id}/merge" | "/api/v1/stories/{id}/rename" | "/api/v1/stories/{id}/split") => {
            Only("S")
        }
        ("get", path) if path.starts_with("/api/v1/shifts") || path == "/shifts" => Only("MSLED"),
        (_, "/api/v1/absences" | "/api/v1/absences/{id}/take-back") => Only("MSLED"),
        (_, "/shifts/absence" | "/shifts/absence/{id}/take-back" | "/shifts/exchange/{id}/{said}") => Only("MSLED"),
        ("get", "/api/v1/exchanges") => Only("MSLED"),
        ("post", "/api/v1/exchanges/{id}/approve" | "/api/v1/exchanges/{id}/refuse") => Only("L"),
        ("post", "/api/v1/exchanges" | "/api/v1/exchanges/{id}/{said}" | "/shifts/exchange") => WORKS,
        ("post", "/api/v1/shifts/publish" | "/shifts/publish") => Only("L"),
        (
            "post",
            "/api/v1/shifts/break"
            | "/api/v1/shifts/break/end"
            | "/api/v1/shifts/{id}/prolong"
            | "/shifts/break"
            | "/shifts/break/end"
            | "/shifts/{id}/prolong",
        ) => WORKS,
        (_, "/shifts/check-in" | "/shifts/{id}/check-in") => WORKS,
        (_, "/shifts/{id}/check-out") => STAFF,
        ("post", "/templates/{key}/{lang}/{move}") => Only("SE"),
        ("post", "/templates/{key}/{lang}/edit" | "/templates/{key}/{lang}/submit") => Only("E"),
        (_, "/me/password" | "/me/calendar") => STAFF,
        (_, "/shifts/calendar/{file}") => All,
        (
            "post",
            "/api/v1/shifts" | "/api/v1/shifts/{id}/cancel" | "/shifts" | "/shifts/copy" | "/shifts/{id}/cancel",
        ) => Only("L"),
        ("post", "/api/v1/shifts/check-in" | "/api/v1/shifts/{id}/check-in") => WORKS,
        ("post", "/api/v1/shifts/{id}/check-out") => STAFF,
        (_, path)
            if path.starts_with("/api/v1/users")
                || path.starts_with("/api/v1/tokens")
                || path.starts_with("/people") =>
        {
            Only("D")
        }
        ("get", "/api/v1/connectors" | "/channels") => Only("SLD"),
        ("post", "/api/v1/connectors") => Only("D"),
        ("get", path) if path.starts_with("/campaigns") || path.starts_with("/api/v1/campaigns") => Only("MSLE"),
        ("post", path) if path.starts_with("/campaigns") || path.starts_with("/api/v1/campaigns") => Only("L"),
        ("get", "/api/v1/audit") => Only("U"),
        _ => return None,
    })
}

const fn letter(who: Cast) -> char {
    match who {
        Cast::Amal | Cast::Signe => 'M',
        Cast::Sofia => 'S',
        Cast::Lars => 'L',
        Cast::Edvin => 'E',
        Cast::Adam => 'D',
        Cast::Agnes => 'U',
        Cast::Olle => '-',
    }
}

/// An address of the route that names nothing there is.
fn address(path: &str) -> String {
    let nothing = "0198f0e0-0000-7000-8000-000000000000";
    path.replace("{path:.*}", "nothing.css")
        .replace("{tree}", "x")
        .replace("{id}", nothing)
        .replace("{connector}", "facebook")
        .replace("{key}", "nothing")
        .replace("{material}", nothing)
        .replace("{move}", "approve")
        .replace("{said}", "accept")
        .replace("{file}", "nothing.ics")
        .replace("{lang}", "sv")
}

#[test]
fn every_route_has_a_written_expectation() {
    let open: Vec<_> = TABLE
        .iter()
        .filter(|(method, path, _)| expected(method, path).is_none())
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    assert_eq!(open, Vec::<String>::new());
}

/// What a Swedish page says to who has not the right.
fn no_right() -> String {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../frontend-assets/locales/sv/errors.ftl");
    let text = std::fs::read_to_string(file).expect("the words");
    let line = text.lines().find_map(|line| line.strip_prefix("error-no-right = "));
    line.expect("the words for it").to_owned()
}

/// Whether the door let the caller through: a right missing is 401, 403 `no-right`, or the way to the sign-in page.
fn passed(answer: &Answer, no_right: &str) -> bool {
    let without = answer.text.contains("\"no-right\"") || answer.text.contains(no_right);
    match answer.status {
        401 => false,
        403 => !without,
        303 => !answer.header("location").starts_with("/in"),
        _ => true,
    }
}

#[tokio::test]
async fn every_route_meets_every_member_of_the_cast() {
    let desk = TestDesk::start().await;
    let (mut wrong, no_right) = (Vec::new(), no_right());
    let mut callers = vec![('0', "nobody", desk.nobody())];
    for who in Cast::ALL {
        callers.push((letter(who), who.pseudonym(), desk.signs_in(who).await));
    }
    for (method, path, need) in TABLE {
        let Some(expected) = expected(method, path) else {
            continue;
        };
        assert_eq!(
            matches!(need, Need::Nothing),
            matches!(expected, All),
            "{method} {path}"
        );
        // Leaving would end the session that the next routes need.
        if *path == "/out" || (*method == "delete" && *path == "/api/v1/session") {
            continue;
        }
        let verb: Method = method.to_uppercase().parse().unwrap();
        for (letter, name, member) in &callers {
            let may = match expected {
                All => continue,
                Only(letters) => letters.contains(*letter),
                Programme => false,
            };
            let answer = member.asks(verb.clone(), &address(path), None).await;
            if passed(&answer, &no_right) != may {
                wrong.push(format!(
                    "{method} {path} {name}: {} instead of {may}: {:.160}",
                    answer.status, answer.text
                ));
            }
            if answer.status >= 500 || (*path != "/in" && answer.header("content-security-policy").is_empty()) {
                wrong.push(format!(
                    "{method} {path} {name}: {} {:.160}",
                    answer.status, answer.text
                ));
            }
        }
        let answer = desk
            .sends(|http, url| {
                http.request(verb, format!("{url}{}", address(path)))
                    .bearer_auth(INGEST_TOKEN)
            })
            .await;
        let may = matches!(expected, Programme | All);
        if !matches!(expected, All) && passed(&answer, &no_right) != may {
            wrong.push(format!(
                "{method} {path} programme: {} instead of {may}: {:.160}",
                answer.status, answer.text
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_names_no_right_twice_and_the_programme_s_alone() {
    let programmes: Vec<_> = TABLE
        .iter()
        .filter(|(_, _, need)| *need == Need::Right(Right::Ingest))
        .collect();
    assert_eq!(programmes.len(), 1);
    let mut routes: Vec<_> = TABLE.iter().map(|(method, path, _)| (method, path)).collect();
    routes.sort();
    routes.dedup();
    assert_eq!(routes.len(), TABLE.len());
}

#[tokio::test]
async fn a_write_from_another_site_is_refused() {
    let desk = TestDesk::start().await;
    let sofia = desk.signs_in(Cast::Sofia).await;
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let answer = desk
            .sends(|http, url| {
                http.post(format!("{url}/api/v1/queue/next"))
                    .header("cookie", sofia.cookie())
                    .header(name, value)
            })
            .await;
        answer.refuses(403, "wrong-origin");
        assert!(
            answer
                .header("content-security-policy")
                .starts_with("default-src 'none'")
        );
    }
    let own = desk
        .sends(|http, url| {
            http.post(format!("{url}/api/v1/queue/next"))
                .header("cookie", sofia.cookie())
                .header("origin", url)
        })
        .await;
    own.refuses(403, "not-checked-in");
}

#[tokio::test]
async fn another_person_s_session_cannot_be_guessed_or_made_up() {
    let desk = TestDesk::start().await;
    let sofia = desk.signs_in(Cast::Sofia).await;
    let secret = sofia.cookie().split_once('=').unwrap().1.to_owned();
    let mut changed = secret.clone();
    changed.replace_range(5..6, if &secret[5..6] == "A" { "B" } else { "A" });
    for cookie in [
        String::new(),
        changed,
        secret.to_uppercase(),
        "0".repeat(43),
        sofia.id.to_string(),
    ] {
        let answer = desk
            .sends(|http, url| {
                http.get(format!("{url}/api/v1/me"))
                    .header("cookie", format!("klarsvar={cookie}"))
            })
            .await;
        answer.refuses(401, "not-signed-in");
    }
    // A session is no token and a token is no session.
    let answer = desk
        .sends(|http, url| http.get(format!("{url}/api/v1/me")).bearer_auth(&secret))
        .await;
    answer.refuses(401, "not-signed-in");
    let answer = desk
        .sends(|http, url| {
            http.get(format!("{url}/api/v1/me"))
                .header("cookie", format!("klarsvar={INGEST_TOKEN}"))
        })
        .await;
    answer.refuses(401, "not-signed-in");
}
