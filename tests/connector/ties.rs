//! Ads of Facebook and Instagram tied to what they show: a comment knows its ad and campaign, whichever came first.

use klarsvar::campaign::save::{SaveCampaign, save};
use klarsvar::change::Actor;
use klarsvar::domain::platform::Platform;
use klarsvar::store::entity::campaign;
use sea_orm::EntityTrait;

use super::reconcile::{Bench, FACTS};

const PLATFORMS: [Platform; 2] = [Platform::Facebook, Platform::Instagram];
const OTHER: (&str, &str) = ("120210000000000101", "Fråga oss");

/// Names of the campaigns, in order.
async fn campaigns(bench: &Bench) -> Vec<String> {
    let rows = campaign::Entity::find().all(&bench.desk.db).await.unwrap();
    let mut names: Vec<String> = rows.into_iter().map(|row| row.name).collect();
    names.sort();
    names
}

/// The ad of a comment, and the name of its campaign.
async fn stands_under(bench: &Bench, id: &str) -> (Option<String>, Option<String>) {
    let row = bench.desk.comment(id).await.expect("it is there");
    let campaign = match row.campaign_id {
        Some(id) => campaign::Entity::find_by_id(id).one(&bench.desk.db).await.unwrap(),
        None => None,
    };
    (row.ad, campaign.map(|row| row.name))
}

fn known(ad: &str, campaign: (&str, &str)) -> (Option<String>, Option<String>) {
    (Some(ad.to_owned()), Some(campaign.1.to_owned()))
}

async fn tied(bench: &Bench) -> usize {
    let events = bench.desk.events().await;
    events.iter().filter(|event| event.data.contains("\"tied\"")).count()
}

#[tokio::test]
async fn a_comment_knows_its_ad_and_campaign_also_when_the_ad_comes_later() {
    for platform in PLATFORMS {
        let bench = Bench::start(platform).await;
        let under_ad = bench.write(1, None, "under annonsen");
        let early = bench.write(0, None, "före annonsen");
        bench.heard().await;
        assert_eq!(
            stands_under(&bench, &under_ad).await,
            known("120210000000000301", FACTS)
        );
        assert_eq!(stands_under(&bench, &early).await, (None, None));
        bench.advertise("120210000000000302", OTHER, 0);
        bench.after(600).await;
        assert_eq!(stands_under(&bench, &early).await, known("120210000000000302", OTHER));
        let late = bench.write(0, None, "efter annonsen");
        bench.heard().await;
        assert_eq!(stands_under(&bench, &late).await, known("120210000000000302", OTHER));
        assert_eq!(campaigns(&bench).await, [FACTS.1, OTHER.1]);
        let before = tied(&bench).await;
        bench.after(600).await;
        assert_eq!(tied(&bench).await, before, "nothing is told twice");
    }
}

#[tokio::test]
async fn a_post_of_several_ads_belongs_to_a_campaign_only_when_all_of_them_do() {
    for platform in PLATFORMS {
        for (other, expected) in [(OTHER, None), (FACTS, Some(FACTS.1.to_owned()))] {
            let bench = Bench::start(platform).await;
            let comment = bench.write(0, None, "vilken annons?");
            bench.heard().await;
            bench.advertise("120210000000000302", FACTS, 0);
            bench.advertise("120210000000000303", other, 0);
            bench.after(600).await;
            assert_eq!(stands_under(&bench, &comment).await, (None, expected));
        }
    }
}

#[tokio::test]
async fn a_campaign_renamed_at_the_desk_stays_the_one_of_its_ads() {
    let bench = Bench::start(Platform::Facebook).await;
    let row = campaign::Entity::find()
        .one(&bench.desk.db)
        .await
        .unwrap()
        .expect("a campaign");
    let renamed = SaveCampaign {
        id: Some(row.id),
        name: "Myter om LVU".into(),
        ads: Vec::new(),
        posts: Vec::new(),
        by: Actor::Desk,
    };
    bench
        .desk
        .runs(move |app| async move { save(&app, renamed).await.map(|_| ()) })
        .await
        .expect("a new name");
    bench.advertise("120210000000000302", FACTS, 0);
    bench.after(600).await;
    let comment = bench.write(0, None, "samma kampanj");
    bench.heard().await;
    assert_eq!(
        stands_under(&bench, &comment).await,
        known("120210000000000302", ("", "Myter om LVU"))
    );
    assert_eq!(campaigns(&bench).await, ["Myter om LVU"]);
}
