//! The API, the page, and stopping.

use super::*;

#[actix_web::test]
async fn reading_pages_through_and_reports_usage_and_time() {
    let standin = standin(|_| {});
    for n in 0..5 {
        standin.write_comment(hej(&format!("nr {n}")));
    }
    let url = format!(
        "{}/{POST}/comments?filter=stream&summary=1&limit=2&fields=id,message,created_time",
        standin.api_url()
    );
    let (status, headers, first) = get(url.clone()).await;
    assert_eq!((status, first["summary"]["total_count"].as_u64()), (200, Some(5)));
    assert!(headers.contains_key("x-app-usage") && headers.contains_key("x-business-use-case-usage"));
    assert_eq!(first["data"][0]["created_time"], "2026-11-22T10:00:00+0000");
    assert!(first["data"][0].get("from").is_none());
    let mut texts: Vec<String> = Vec::new();
    let (mut page, mut after) = (first, String::new());
    loop {
        texts.extend(
            page["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|c| c["message"].as_str().unwrap().to_owned()),
        );
        if page["paging"].get("next").is_none() {
            break;
        }
        assert_ne!(page["paging"]["cursors"]["after"], after.as_str());
        page["paging"]["cursors"]["after"]
            .as_str()
            .unwrap()
            .clone_into(&mut after);
        page = get(format!("{url}&after={after}")).await.2;
    }
    assert_eq!(texts, ["nr 0", "nr 1", "nr 2", "nr 3", "nr 4"]);
    let later = get(format!("{url}&since=1795341601")).await.2;
    assert_eq!(later["data"], serde_json::json!([]));
}

#[actix_web::test]
async fn unknown_objects_and_paths_answer_with_the_documented_codes() {
    let standin = standin(|_| {});
    let (status, _, body) = get(format!("{}/520000000000101_1", standin.api_url())).await;
    assert_eq!(
        (
            status,
            body["error"]["code"].as_u64(),
            body["error"]["error_subcode"].as_u64()
        ),
        (400, Some(100), Some(33))
    );
    let (_, _, body) = get(format!("{}/{PAGE}/nonsense", standin.api_url())).await;
    assert_eq!(body["error"]["code"], 2500);
}

#[actix_web::test]
async fn ads_are_listed_with_their_campaign_and_post() {
    let standin = standin(|_| {});
    standin.add_ad(Ad {
        id: "120210000000000301".into(),
        name: "Skyddsrum SV A".into(),
        ad_account: "910000000000007".into(),
        adset_id: "120210000000000201".into(),
        campaign: ("120210000000000102".into(), "Hemberedskap 2026".into()),
        post: Some(POST.into()),
        media: None,
    });
    let (_, _, body) = get(format!("{}/act_910000000000007/ads?limit=200", standin.api_url())).await;
    let ad = &body["data"][0];
    assert_eq!(ad["creative"]["effective_object_story_id"], POST);
    assert_eq!(
        (ad["campaign"]["name"].as_str(), body["data"].as_array().unwrap().len()),
        (Some("Hemberedskap 2026"), 1)
    );
}

#[actix_web::test]
async fn the_page_shows_replies_beneath_their_comment_and_defuses_texts() {
    let standin = standin(|_| {});
    let id = standin
        .write_comment(hej("<script>alert(1)</script> وين أقرب ملجأ؟"))
        .unwrap();
    let url = format!("{}/{id}/comments", standin.api_url());
    client()
        .unwrap()
        .post(url)
        .bearer_auth("t")
        .form(&[("message", "أهلاً & välkommen")])
        .send()
        .await
        .unwrap();
    let page = client()
        .unwrap()
        .get(standin.url())
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(!page.contains("<script") && !page.contains("<b>var") && !page.contains("Elin <Exempel>"));
    let comment = page
        .find("&lt;script&gt;alert(1)&lt;/script&gt; وين أقرب ملجأ؟")
        .unwrap();
    let reply = page.find("أهلاً &amp; välkommen").unwrap();
    assert!(comment < reply && page.matches("dir=\"auto\"").count() == 3);
}

#[actix_web::test]
async fn stopping_frees_the_address_and_lets_hanging_calls_go() {
    let running = standin(|_| {});
    let address = running.shared.address;
    running.fail_next(1, Scope::Every, Fault::Hang);
    let url = format!("{}/{PAGE}", running.api_url());
    let hanging =
        actix_web::rt::spawn(async move { client().unwrap().get(url).bearer_auth("t").send().await.map(|_| ()) });
    while running.calls() == 0 {
        tokio::task::yield_now().await;
    }
    drop(running);
    // Answered or cut off, but not left waiting.
    let _ = hanging.await.unwrap();
    let again = standin(|config| config.listen = address);
    assert_eq!(again.shared.address, address);
}
