//! Campaigns without script: adding one, its ads and its materials; what is wrong is told beside what was written.

use super::{form, page};
use crate::support::{Cast, Member, TestDesk};

/// A new campaign's page.
async fn campaign(desk: &TestDesk, lars: &Member) -> String {
    form(desk, lars, "/campaigns", "name=Fakta+om+LVU", false).await.is(303);
    let list = page(desk, lars, "/campaigns").await.text;
    let at = list.find("href=\"/campaigns/").expect("a campaign") + 6;
    list[at..at + 47].to_owned()
}

#[tokio::test]
async fn an_ad_is_added_with_its_run_and_an_owner_and_changed_by_its_id() {
    let desk = TestDesk::start().await;
    let lars = desk.signs_in(Cast::Lars).await;
    let at = campaign(&desk, &lars).await;
    let ads = format!("{at}/ads");
    let ad = "connector=facebook&external_id=2385&title=Filmen&language=ar&owner=KL-1&starts=2026-12-01T08:00&ends=2026-12-03T20:00&reach=200+000";
    form(&desk, &lars, &ads, ad, false).await.is(303);
    let shown = page(&desk, &lars, &at).await.text;
    for word in ["Filmen", "KL-1", "200\u{a0}000", "arabiska"] {
        assert!(shown.contains(word), "{word}: {shown}");
    }
    form(
        &desk,
        &lars,
        &ads,
        "connector=facebook&external_id=2385&owner=KL-2",
        false,
    )
    .await
    .is(303);
    let changed = page(&desk, &lars, &at).await.text;
    assert!(changed.contains("KL-2") && changed.contains("Filmen"), "the rest stays");
    for (wrong, sentence) in [
        ("connector=facebook&external_id=", "Fyll i fältet"),
        (
            "connector=facebook&external_id=1&starts=2026-12-03T20:00&ends=2026-12-01T20:00&reach=1",
            "Slutet ska vara senare",
        ),
        (
            "connector=facebook&external_id=1&starts=2026-12-01T20:00&ends=2026-12-02T20:00&reach=många",
            "heltal",
        ),
        ("connector=nowhere&external_id=1", "Kontot finns inte"),
    ] {
        let answer = form(&desk, &lars, &ads, wrong, false).await;
        answer.is(422);
        assert!(answer.text.contains(sentence), "{sentence}: {}", answer.text);
    }
    let again = form(&desk, &lars, "/campaigns", "name=Fakta+om+LVU", false).await;
    again.is(409);
    assert!(again.text.contains("En annan kampanj har det namnet"), "{}", again.text);
}

#[tokio::test]
async fn a_material_has_a_qr_code_and_readers_have_no_forms() {
    let desk = TestDesk::start().await;
    let (lars, amal) = (desk.signs_in(Cast::Lars).await, desk.signs_in(Cast::Amal).await);
    let at = campaign(&desk, &lars).await;
    let materials = format!("{at}/materials");
    let wrong = form(
        &desk,
        &lars,
        &materials,
        "title=Filmen&name=film&kind=film&variant=sv&link=a.se",
        false,
    )
    .await;
    wrong.is(422);
    assert!(wrong.text.contains("börjar med https://") && wrong.text.contains("value=\"Filmen\""));
    let right = "title=Filmen&name=film&kind=film&variant=sv&link=https://exempel.se/film";
    form(&desk, &lars, &materials, right, false).await.is(303);
    let seen = page(&desk, &amal, &at).await.text;
    assert!(
        seen.contains("{{film}}") && seen.contains("Inget svar har pekat hit"),
        "{seen}"
    );
    assert!(!seen.contains("<form method=\"post\" action=\"/campaigns"), "{seen}");
    let start = seen.find("src=\"/campaigns").expect("a picture") + 5;
    let picture = &seen[start..start + seen[start..].find('"').expect("an end")];
    let svg = amal.gets(picture).await;
    svg.is(200);
    assert_eq!(svg.header("content-type"), "image/svg+xml");
    assert!(svg.text.contains("<svg"));
}
