//! Claims: one holder, a lease, and nothing lost when it ends.

use chrono::TimeDelta;
use futures_util::future::{join, join_all};
use klarsvar::app::App;
use klarsvar::change::{Change, Failure, Step};
use klarsvar::domain::comment::CommentState;
use klarsvar::domain::id::{CommentId, PersonId};
use klarsvar::domain::lane::Lane;
use klarsvar::jobs;
use klarsvar::store::entity::draft;
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::json;

use crate::support::graph::comment_change;
use crate::support::sample::{ARABIC, SWEDISH};
use crate::support::{Answer, Cast, TestDesk};

/// Races per test; `RACES=1000` runs as many as the requirement says.
fn races() -> usize {
    std::env::var("RACES")
        .ok()
        .and_then(|number| number.parse().ok())
        .unwrap_or(1000)
}

/// Of these answers exactly one is a claim, and the others name its holder.
fn one_won(answers: &[Answer], pseudonyms: &[&str]) -> usize {
    let winners: Vec<usize> = (0..answers.len()).filter(|at| answers[*at].status == 200).collect();
    let [winner] = winners[..] else {
        panic!("{} winners: {answers:#?}", winners.len())
    };
    for (at, answer) in answers.iter().enumerate().filter(|(at, _)| *at != winner) {
        let refusal = answer.refuses(409, "claimed");
        assert_eq!(refusal["holder"], pseudonyms[winner], "{at} reads who was faster");
    }
    winner
}

#[tokio::test]
async fn of_twenty_claimers_at_once_one_wins_and_the_others_read_who() {
    let desk = TestDesk::start().await;
    let ids = desk.has_comments("sv", 10, SWEDISH).await;
    let members = desk.hires(20, Lane::Sv).await;
    let names: Vec<&str> = members.iter().map(|member| member.pseudonym.as_str()).collect();
    for id in &ids {
        let answers = join_all(members.iter().map(|member| member.claims(id))).await;
        let winner = one_won(&answers, &names);
        let row = desk
            .comments()
            .await
            .into_iter()
            .find(|row| row.id.to_string() == *id)
            .unwrap();
        assert_eq!(row.claimed_by, Some(members[winner].id));
        members[winner].releases(id).await.is(200);
    }
    let claimed = desk
        .events()
        .await
        .iter()
        .filter(|event| event.kind.as_str() == "comment.claimed")
        .count();
    assert_eq!(claimed, ids.len());
}

#[tokio::test]
async fn of_two_moderators_who_race_again_and_again_exactly_one_wins() {
    let desk = TestDesk::start().await;
    let members = desk.hires(2, Lane::Sv).await;
    let names: Vec<&str> = members.iter().map(|member| member.pseudonym.as_str()).collect();
    let id = desk.has_comment("e-1", SWEDISH).await;
    let mut won = [0, 0];
    for race in 0..races() {
        let (first, second) = join(members[race % 2].claims(&id), members[1 - race % 2].claims(&id)).await;
        let answers = if race % 2 == 0 {
            [first, second]
        } else {
            [second, first]
        };
        let winner = one_won(&answers, &names);
        won[winner] += 1;
        members[winner].releases(&id).await.is(200);
    }
    assert_eq!(won[0] + won[1], races());
}

#[tokio::test]
async fn twenty_who_take_the_next_at_once_all_get_another_one() {
    let desk = TestDesk::start().await;
    desk.has_comments("sv", 30, SWEDISH).await;
    let members = desk.hires(20, Lane::Sv).await;
    let answers = join_all(members.iter().map(|member| member.takes_next())).await;
    let mut ids: Vec<String> = answers
        .iter()
        .map(|answer| answer.json(200)["id"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 20);
}

#[tokio::test]
async fn second_claim_of_the_same_comment_is_refused() {
    let desk = TestDesk::start().await;
    let id = desk.has_comment("e-1", ARABIC).await;
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    let sofia = desk.works(Cast::Sofia, Lane::Ar).await;
    let claim = amal.claims(&id).await.json(200);
    assert_eq!(
        claim["claim"],
        json!({ "by": "AR-1", "until": "2026-11-22T10:10:00.000Z" })
    );
    assert_eq!(sofia.claims(&id).await.refuses(409, "claimed")["holder"], "AR-1");
    assert_eq!(amal.claims(&id).await.refuses(409, "claimed")["holder"], "AR-1");
    sofia.extends(&id).await.refuses(409, "claimed");
    sofia.releases(&id).await.refuses(409, "claimed");
    let row = &desk.comments().await[0];
    assert_eq!((row.state, row.claimed_by), (CommentState::Claimed, Some(amal.id)));
}

#[tokio::test]
async fn a_heartbeat_keeps_a_claim_ten_times_over() {
    let desk = TestDesk::start().await;
    let id = desk.has_comment("e-1", ARABIC).await;
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    amal.claims(&id).await.is(200);
    for _ in 0..12 {
        desk.clock.advance(TimeDelta::minutes(9));
        amal.extends(&id).await.is(200);
        desk.runs(release_expired).await;
    }
    assert_eq!(desk.comments().await[0].claimed_by, Some(amal.id));
}

#[tokio::test]
async fn a_lease_that_runs_out_gives_the_comment_back_and_keeps_the_draft() {
    let desk = TestDesk::start().await;
    let id = desk.has_comment("e-1", ARABIC).await;
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    let sofia = desk.works(Cast::Sofia, Lane::Ar).await;
    amal.claims(&id).await.is(200);
    desk.writes(Draft {
        comment: id.parse().unwrap(),
        person: amal.id,
    })
    .await;
    desk.clock.advance(TimeDelta::seconds(600));
    desk.runs(release_expired).await;
    assert_eq!(
        desk.comments().await[0].state,
        CommentState::Claimed,
        "the lease lasts its full time"
    );
    desk.clock.advance(TimeDelta::milliseconds(1));
    desk.runs(release_expired).await;
    let row = &desk.comments().await[0];
    assert_eq!(
        (row.state, row.claimed_by, row.claimed_until),
        (CommentState::Open, None, None)
    );
    let released = desk.events().await.pop().unwrap();
    assert_eq!(
        (released.kind.as_str(), released.actor.as_deref()),
        ("comment.released", Some("desk"))
    );
    assert!(released.data.contains("expired"), "{}", released.data);
    let drafts = draft::Entity::find().all(&desk.db).await.unwrap();
    assert_eq!(drafts.len(), 1, "the draft is kept");
    amal.extends(&id).await.refuses(409, "illegal-state");
    sofia.claims(&id).await.is(200);
    // Running the job twice more gives nothing back that is held.
    desk.runs(release_expired).await;
    assert_eq!(desk.comments().await[0].claimed_by, Some(sofia.id));
}

#[tokio::test]
async fn giving_back_puts_the_comment_where_it_was_in_its_lane() {
    let desk = TestDesk::start().await;
    let ids = desk.has_comments("sv", 3, SWEDISH).await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let order = signe.gets("/api/v1/queue?lane=sv").await.text;
    signe.claims(&ids[1]).await.is(200);
    signe.releases(&ids[1]).await.is(200);
    assert_eq!(signe.gets("/api/v1/queue?lane=sv").await.text, order);
    signe.releases(&ids[1]).await.refuses(409, "illegal-state");
}

#[tokio::test]
async fn another_lane_s_comment_cannot_be_claimed() {
    let desk = TestDesk::start().await;
    let swedish = desk.has_comment("sv-1", SWEDISH).await;
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    assert_eq!(amal.claims(&swedish).await.refuses(403, "not-checked-in")["lane"], "sv");
    let signe = desk.signs_in(Cast::Signe).await;
    signe.claims(&swedish).await.refuses(403, "not-checked-in");
    assert_eq!(desk.comments().await[0].state, CommentState::Open);
}

#[tokio::test]
async fn what_is_not_there_cannot_be_claimed() {
    let desk = TestDesk::start().await;
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    for id in ["0198f0e0-0000-7000-8000-000000000000", "x", "1", "..", "%00"] {
        amal.claims(id).await.refuses(404, "not-found");
    }
}

#[tokio::test]
async fn nobody_holds_more_than_the_most() {
    let desk = TestDesk::with(|config| config.lane.most_claims = 3).await;
    let ids = desk.has_comments("sv", 5, SWEDISH).await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    for id in &ids[..3] {
        signe.claims(id).await.is(200);
    }
    signe.claims(&ids[3]).await.refuses(409, "claim-limit");
    signe.takes_next().await.refuses(409, "claim-limit");
    signe.releases(&ids[0]).await.is(200);
    signe.claims(&ids[3]).await.is(200);
}

#[tokio::test]
async fn an_edit_while_it_is_claimed_raises_the_revision_and_leaves_the_claim() {
    let desk = TestDesk::start().await;
    let time = 1_795_341_600;
    desk.delivers(
        "facebook",
        &comment_change("1", "add", time, json!({ "message": SWEDISH })),
    )
    .await
    .is(200);
    desk.is_through().await;
    let row = desk.comments().await.pop().unwrap();
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let claim = signe.claims(&row.id.to_string()).await.json(200);
    assert_eq!(claim["revision"], 1);
    let edit = comment_change(
        "1",
        "edited",
        time + 60,
        json!({ "message": "Glöm det, jag hittade.", "edited_time": time + 60 }),
    );
    desk.delivers("facebook", &edit).await.is(200);
    desk.is_through().await;
    let item = signe.reads(&row.id.to_string()).await.json(200);
    assert_eq!(
        (&item["revision"], &item["state"], &item["claim"]["by"]),
        (&json!(2), &json!("claimed"), &json!("SV-1"))
    );
    assert_eq!(item["text"], "Glöm det, jag hittade.");
}

#[tokio::test]
async fn a_removal_takes_a_claimed_comment_away() {
    let desk = TestDesk::start().await;
    let time = 1_795_341_600;
    desk.delivers(
        "facebook",
        &comment_change("1", "add", time, json!({ "message": SWEDISH })),
    )
    .await
    .is(200);
    desk.is_through().await;
    let id = desk.comments().await[0].id.to_string();
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    signe.claims(&id).await.is(200);
    desk.delivers("facebook", &comment_change("1", "remove", time + 60, json!({})))
        .await
        .is(200);
    desk.is_through().await;
    let row = &desk.comments().await[0];
    assert_eq!((row.state, row.claimed_by), (CommentState::Withdrawn, None));
    assert_eq!(
        signe.extends(&id).await.refuses(409, "illegal-state")["state"],
        "withdrawn"
    );
    assert_eq!(
        signe.claims(&id).await.refuses(409, "illegal-state")["state"],
        "withdrawn"
    );
}

#[tokio::test]
async fn claims_go_back_at_check_out_and_only_those_of_the_lane() {
    let desk = TestDesk::start().await;
    let swedish = desk.has_comment("sv-1", SWEDISH).await;
    let arabic = desk.has_comment("ar-1", ARABIC).await;
    let sofia = desk.signs_in(Cast::Sofia).await;
    let shift = desk.checks_in(&sofia, Lane::Sv).await;
    desk.checks_in(&sofia, Lane::Ar).await;
    sofia.claims(&swedish).await.is(200);
    sofia.claims(&arabic).await.is(200);
    desk.checks_out(&sofia, Lane::Sv, shift).await;
    assert_eq!(desk.comment("sv-1").await.unwrap().state, CommentState::Open);
    assert_eq!(desk.comment("ar-1").await.unwrap().claimed_by, Some(sofia.id));
    sofia.claims(&swedish).await.refuses(403, "not-checked-in");
}

struct Draft {
    comment: CommentId,
    person: PersonId,
}

impl Step for Draft {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        let row = draft::Model {
            comment_id: self.comment,
            person_id: self.person,
            content: "{}".to_owned(),
            updated_at: change.now_ms(),
        };
        change.execute(&draft::Entity::insert(row.into_active_model())).await?;
        Ok(())
    }
}

async fn release_expired(app: std::sync::Arc<App>) {
    jobs::release_expired(&app).await.expect("the job ends well");
}
