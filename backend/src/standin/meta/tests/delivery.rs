//! What the hook is told, and when.

use super::*;

#[actix_web::test]
async fn a_comment_is_told_escaped_and_signed() {
    let (hook, address) = listen();
    let standin = standin(|_| {});
    standin
        .subscribe(Platform::Facebook, &format!("http://{address}/hooks/facebook"))
        .await
        .unwrap();
    let id = standin.write_comment(hej("Var är / skyddsrummet? 🙂")).unwrap();
    standin.settled().await;
    let (body, header) = hook.bodies.lock().unwrap()[0].clone();
    assert!(body.is_ascii() && body.contains(r"\/") && body.contains(r"\u00e4r") && body.contains(r"\ud83d\ude42"));
    assert_eq!(header, wire::signature("test-app-secret-0001", body.as_bytes()));
    let value = &hook.values()[0];
    assert_eq!(value["comment_id"], id.as_str());
    assert_eq!(value["parent_id"], POST);
    assert_eq!(
        (value["verb"].as_str(), value["message"].as_str()),
        (Some("add"), Some("Var är / skyddsrummet? 🙂"))
    );
}

#[actix_web::test]
async fn a_hook_with_another_word_is_not_subscribed() {
    let (hook, address) = listen();
    let standin = standin(|config| config.verify_token = "other".into());
    assert!(
        standin
            .subscribe(Platform::Facebook, &format!("http://{address}/"))
            .await
            .is_err()
    );
    standin.write_comment(hej("hej"));
    assert_eq!((standin.tally().pending, hook.bodies().len()), (0, 0));
}

#[actix_web::test]
async fn a_refused_body_comes_again_unchanged_until_taken() {
    let (hook, address) = listen();
    let standin = standin(|_| {});
    standin.deliver_to(Platform::Facebook, &format!("http://{address}/"));
    hook.refuse_next.store(3, Ordering::SeqCst);
    standin.write_comment(hej("hej"));
    standin.settled().await;
    let bodies = hook.bodies();
    assert_eq!(bodies.len(), 4);
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    assert_eq!(
        standin.tally(),
        Tally {
            pending: 0,
            accepted: 1,
            failed: 3,
            lost: 0
        }
    );
}

#[actix_web::test]
async fn after_the_last_attempt_an_update_is_lost() {
    let (hook, address) = listen();
    let standin = standin(|config| config.flow.attempts = 2);
    standin.deliver_to(Platform::Facebook, &format!("http://{address}/"));
    hook.refuse_next.store(9, Ordering::SeqCst);
    standin.write_comment(hej("hej"));
    standin.settled().await;
    assert_eq!(
        standin.tally(),
        Tally {
            pending: 0,
            accepted: 0,
            failed: 2,
            lost: 1
        }
    );
}

#[actix_web::test]
async fn gathered_updates_go_out_in_batches_shuffled_and_repeated() {
    let (hook, address) = listen();
    let standin = standin(|config| config.flow.paused = true);
    standin.deliver_to(Platform::Facebook, &format!("http://{address}/"));
    let written: Vec<String> = (0..20)
        .filter_map(|n| standin.write_comment(hej(&format!("nr {n}"))))
        .collect();
    assert_eq!((standin.tally().pending, hook.bodies().len()), (20, 0));
    standin.set_flow(|flow| {
        *flow = Flow {
            paused: false,
            batch_up_to: 5,
            repeats: 1,
            shuffle: Some(7),
            ..flow.clone()
        };
    });
    standin.settled().await;
    assert_eq!(hook.bodies().len(), 8);
    let told: Vec<String> = hook
        .values()
        .iter()
        .map(|v| v["comment_id"].as_str().unwrap().to_owned())
        .collect();
    let mut once = told.clone();
    once.sort();
    once.dedup();
    assert_eq!((told.len(), &once), (40, &written));
    assert_ne!(told[..5], written[..5]);
}

#[actix_web::test]
async fn edits_hides_and_removals_are_told_as_documented() {
    let (hook, address) = listen();
    let standin = standin(|_| {});
    standin.deliver_to(Platform::Facebook, &format!("http://{address}/"));
    let id = standin.write_comment(hej("ett")).unwrap();
    assert!(standin.edit_comment(&id, "två") && standin.hide_in_app(&id, true) && standin.hide_in_app(&id, false));
    assert!(standin.remove_comment(&id) && !standin.remove_comment(&id) && !standin.edit_comment(&id, "tre"));
    assert!(standin.remove_post(POST) && !standin.remove_post(POST));
    standin.settled().await;
    let told: Vec<_> = hook
        .values()
        .iter()
        .map(|v| {
            format!(
                "{} {} {}",
                v["item"].as_str().unwrap(),
                v["verb"].as_str().unwrap(),
                v["from"]["id"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "comment add 7300000000000011",
            "comment edited 7300000000000011",
            "comment hide 410000000000017",
            "comment unhide 410000000000017",
            "comment remove 7300000000000011",
            "post remove 410000000000017",
        ]
    );
    assert_eq!(hook.values()[1]["message"], "två");
    assert!(hook.values()[4].get("message").is_none());
}

#[actix_web::test]
async fn a_lost_subscription_silences_until_it_is_renewed() {
    let (hook, address) = listen();
    let standin = standin(|_| {});
    standin.deliver_to(Platform::Facebook, &format!("http://{address}/"));
    standin.lose_subscription(PAGE);
    standin.write_comment(hej("ohörd"));
    let apps = format!("{}/{PAGE}/subscribed_apps", standin.api_url());
    assert_eq!(get(apps.clone()).await.2["data"], serde_json::json!([]));
    let renewed = client().unwrap().post(&apps).bearer_auth("t").send().await.unwrap();
    assert_eq!(renewed.status(), 200);
    assert_eq!(get(apps).await.2["data"][0]["subscribed_fields"][0], "feed");
    standin.write_comment(hej("hörd"));
    standin.settled().await;
    assert_eq!(
        hook.values()
            .iter()
            .map(|v| v["message"].as_str().unwrap())
            .collect::<Vec<_>>(),
        ["hörd"]
    );
}

#[actix_web::test]
async fn own_replies_come_back_as_deliveries_before_the_answer_if_asked() {
    let (hook, address) = listen();
    let standin = standin(|config| config.echo = Echo::Before);
    standin.deliver_to(Platform::Facebook, &format!("http://{address}/"));
    let id = standin.write_comment(hej("hej")).unwrap();
    standin.settled().await;
    let url = format!("{}/{id}/comments", standin.api_url());
    let answer = client()
        .unwrap()
        .post(url)
        .bearer_auth("t")
        .form(&[("message", "Svar")])
        .send()
        .await
        .unwrap();
    // The echo is in before the answer is read.
    let echo = hook.values()[1].clone();
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(echo["comment_id"], answer["id"]);
    assert_eq!(
        (echo["from"]["id"].as_str(), echo["parent_id"].as_str()),
        (Some(PAGE), Some(id.as_str()))
    );
}

#[actix_web::test]
async fn instagram_tells_of_new_comments_only_and_without_a_time() {
    let (hook, address) = listen();
    let standin = standin(|_| {});
    standin.deliver_to(Platform::Instagram, &format!("http://{address}/"));
    let (id, token) = ("17841400000000019".to_owned(), "t".into());
    let holder = Holder {
        platform: Platform::Instagram,
        id: id.clone(),
        name: "kust".into(),
        token,
        page: None,
    };
    standin.add_holder(holder);
    let ad = Some(("120210000000000301".into(), "Skyddsrum SV A".into()));
    standin.add_post(Post {
        id: "17990000000000001".into(),
        holder: id,
        text: String::new(),
        dark: true,
        ad,
    });
    let comment = standin
        .write_comment(NewComment {
            post: "17990000000000001".into(),
            ..hej("hej")
        })
        .unwrap();
    assert!(standin.edit_comment(&comment, "två") && standin.hide_in_app(&comment, true));
    standin.remove_comment(&comment);
    standin.settled().await;
    let values = hook.values();
    assert_eq!(values.len(), 1);
    assert_eq!(
        (values[0]["id"].as_str(), values[0].get("created_time")),
        (Some(comment.as_str()), None)
    );
    assert_eq!(values[0]["media"]["ad_id"], "120210000000000301");
}
