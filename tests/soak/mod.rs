//! Days at the desk by a clock moved by hand, with everything going wrong that does: deliveries lost, redelivered and out of
//! order, tokens that run out, calls refused as too many, platforms away for hours, a desk that loses its power every day.
//! At the end nothing is lost and nothing is there twice. `SEED` repeats a run, `SOAK_DAYS` says how long it lasts.

mod crew;
mod place;
mod plan;
mod reckoning;
mod world;

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use klarsvar::app::App;
use klarsvar::clock::Clock;
use klarsvar::domain::lane::Lane;
use klarsvar::domain::platform::ConnectorState;
use klarsvar::store::entity::{connector, delivery, errand, outbox};
use klarsvar::{delivery::take_apart, intake, jobs};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use self::crew::{Crew, TEMPLATES};
use self::plan::{Act, Plan};
use self::world::{Channel, PERIOD_S};
use crate::journey::templates::approved_by;
use crate::support::eventually::{pause, within};
use crate::support::random::Random;
use crate::support::{Cast, TestDesk, database};

/// Days, unless `SOAK_DAYS` says otherwise; the long run has 10.
const DAYS: u64 = 3;
/// After this everything has come to rest: what is looked after once a day was looked after.
const REST: TimeDelta = TimeDelta::hours(26);
/// After this much more everything that was decided has left.
const SETTLED: TimeDelta = TimeDelta::days(3);
/// The desk looks as often as this whether it is blind.
const LOOK_S: i64 = 5;
/// A moment after which a decision can no longer be undone, and leaves.
const LEAVES: TimeDelta = TimeDelta::seconds(11);
/// Longer than a delivery may lie about before it is taken for left over by a crash.
const FOUND: TimeDelta = TimeDelta::minutes(1);
/// Somebody notices that an account must be signed in to again.
const SIGN_IN: TimeDelta = TimeDelta::minutes(40);

struct Soak {
    desk: TestDesk,
    channels: Vec<Channel>,
    crew: Crew,
    plan: Plan,
    random: Random,
    /// Something was told that may not be taken apart yet.
    told: bool,
    wakes: u64,
}

async fn runs(usual: u64) {
    let mut random = Random::seeded_or("SEED", usual);
    let days = std::env::var("SOAK_DAYS")
        .ok()
        .and_then(|days| days.parse().ok())
        .unwrap_or(DAYS);
    let began = Instant::now();
    let mut soak = Soak::start(days, &mut random).await;
    soak.passes_until_quiet().await;
    let sum = reckoning::compare(&soak.desk.db, &soak.channels, &soak.crew.accepted).await;
    println!("{days} days in {:?}, {} wakes: {sum:?}", began.elapsed(), soak.wakes);
    assert!(sum.replies > 0 && sum.comments > 0 && sum.decisions > 0);
}

impl Soak {
    async fn start(days: u64, random: &mut Random) -> Self {
        let mut desk = TestDesk::with(|config| {
            (config.person.session_h, config.person.idle_min) = (24 * 400, 60 * 24 * 400);
            config.lane.most_claims = 100;
        })
        .await;
        approved_by(desk.door(), &TEMPLATES).await;
        for (who, lanes) in [
            (Cast::Signe, &[Lane::Sv, Lane::En][..]),
            (Cast::Amal, &[Lane::Ar, Lane::Other][..]),
        ] {
            for lane in lanes {
                database::start_shift(&desk.db, who, *lane).await;
            }
        }
        // Who is on shift is read at start.
        desk.restarts().await;
        let channels = place::start(&desk, random).await;
        let mut cookies = Vec::new();
        for who in [Cast::Signe, Cast::Amal] {
            cookies.push(desk.door().signs_in(who).await);
        }
        let crew = Crew::new(desk.door().clone(), cookies, random.another());
        let plan = Plan::draw(desk.clock.now(), days, channels.len(), random);
        Self {
            desk,
            channels,
            crew,
            plan,
            random: random.another(),
            told: true,
            wakes: 0,
        }
    }

    fn now(&self) -> DateTime<Utc> {
        self.desk.clock.now()
    }

    async fn passes_until_quiet(&mut self) {
        while let Some(at) = self.plan.next() {
            self.passes_until(at).await;
            for act in self.plan.due(self.now()) {
                self.happens(act).await;
            }
            self.works().await;
        }
        self.channels.iter().for_each(Channel::heals);
        self.told = true;
        self.passes_until(self.now() + REST).await;
        let end = self.now() + SETTLED;
        loop {
            let under_way = self.under_way().await;
            if under_way.is_empty() {
                break;
            }
            if self.now() >= end {
                let of = connector::Entity::find().all(&self.desk.db).await.expect("connectors");
                let of: Vec<_> = of
                    .iter()
                    .map(|row| (&row.name, row.state, row.blind_since, &row.last_error))
                    .collect();
                panic!("{} {under_way:?} is under way for ever; {of:?}", self.now());
            }
            self.somebody_signs_in().await;
            self.passes_until(self.now() + TimeDelta::hours(1)).await;
        }
        for channel in 0..self.channels.len() {
            let since = self.blind_since(channel).await;
            assert!(since.is_none(), "{} is still called blind", self.channels[channel].name);
        }
    }

    /// Where the desk asks for it.
    async fn somebody_signs_in(&self) {
        for channel in &self.channels {
            let row = connector::Entity::find_by_id(channel.name).one(&self.desk.db).await;
            if row.expect("an answer").expect("the connector").state == ConnectorState::SignInNeeded {
                channel.is_signed_in_again(&self.desk).await;
            }
        }
    }

    /// Lets time pass; every period the desk reads and people work.
    async fn passes_until(&mut self, end: DateTime<Utc>) {
        loop {
            let left = end - self.now();
            let step = left.min(TimeDelta::seconds(PERIOD_S));
            if step <= TimeDelta::zero() {
                return;
            }
            self.desk.clock.advance(step);
            if step == left {
                return;
            }
            self.works().await;
        }
    }

    async fn works(&mut self) {
        self.wakes += 1;
        self.hears().await;
        self.desk.runs(work).await;
        let before = self.crew.accepted.len();
        self.crew.works().await;
        if self.crew.accepted.len() > before {
            self.desk.clock.advance(LEAVES);
            self.desk.runs(work).await;
            self.told = true;
        }
    }

    /// What platforms told is with the desk.
    async fn hears(&mut self) {
        if !std::mem::take(&mut self.told) {
            return;
        }
        for channel in &self.channels {
            channel.is_heard().await;
        }
        let db = &self.desk.db;
        within(Duration::from_secs(20), "deliveries are taken apart", async || {
            let waiting = delivery::Entity::find()
                .filter(delivery::Column::TakenApartAt.is_null())
                .count(db)
                .await
                .expect("a count");
            (waiting == 0).then_some(())
        })
        .await;
    }

    async fn happens(&mut self, act: Act) {
        let now = self.now();
        match act {
            Act::Write(channel, comments) => {
                for _ in 0..comments {
                    self.channels[channel].writes(&mut self.random);
                }
                self.told = true;
            }
            Act::Edit(channel) => {
                self.channels[channel].is_edited(&mut self.random);
                self.told = true;
            }
            Act::Remove(channel) => {
                self.channels[channel].is_removed(&mut self.random);
                self.told = true;
            }
            Act::Limit(channel) => self.channels[channel].limits(&mut self.random),
            Act::LoseAnswers(channel) => self.channels[channel].loses_answers(),
            Act::VoidToken(channel) => {
                self.channels[channel].voids_the_token();
                self.plan.add(now + SIGN_IN, Act::SignIn(channel));
            }
            Act::SignIn(channel) => self.channels[channel].is_signed_in_again(&self.desk).await,
            Act::Down(channel) => {
                self.channels[channel].is_down(true);
                let soon = now + self.two_periods(channel).await;
                self.plan.add(soon, Act::MustBeBlind(channel));
            }
            Act::MustBeBlind(channel) => {
                // The look that is due at this very moment.
                self.desk.runs(work).await;
                let since = self.blind_since(channel).await;
                assert!(
                    since.is_some(),
                    "{} is away and nobody was told",
                    self.channels[channel].name
                );
            }
            Act::Up(channel) => {
                self.channels[channel].is_down(false);
                self.told = true;
            }
            Act::Crash => self.crashes().await,
        }
    }

    /// The power goes while deliveries come in, pages are read, actions leave and people decide.
    async fn crashes(&mut self) {
        for channel in &mut self.channels {
            channel.writes(&mut self.random);
        }
        self.desk.begins(work);
        let moment = Duration::from_millis(self.random.below(120));
        let (crew, desk) = (&mut self.crew, &mut self.desk);
        futures_util::future::join(crew.works(), async {
            pause(moment).await;
            desk.crashes().await;
        })
        .await;
        // What was kept and not taken apart is found a moment later.
        self.desk.clock.advance(FOUND);
        self.desk.runs(work).await;
        self.told = true;
    }

    async fn blind_since(&self, channel: usize) -> Option<i64> {
        let row = connector::Entity::find_by_id(self.channels[channel].name);
        let row = row.one(&self.desk.db).await.expect("an answer");
        row.expect("the connector").blind_since
    }

    async fn two_periods(&self, channel: usize) -> TimeDelta {
        let channel = &self.channels[channel];
        let key = (channel.name.to_owned(), channel.errand().to_owned());
        let row = errand::Entity::find_by_id(key)
            .one(&self.desk.db)
            .await
            .expect("an answer");
        let every = row.expect("the errand").every_ms;
        TimeDelta::milliseconds(2 * every) + TimeDelta::seconds(LOOK_S)
    }

    async fn under_way(&self) -> Vec<outbox::Model> {
        outbox::Entity::find()
            .filter(outbox::Column::State.is_in(["pending", "sending", "unknown"]))
            .all(&self.desk.db)
            .await
            .expect("rows of the outbox")
    }
}

/// What the desk's own jobs do at one moment, those that what is tested here rests on.
async fn work(app: Arc<App>) {
    let done = async {
        intake::plan(&app).await?;
        take_apart::take_apart_waiting(&app).await?;
        intake::token::renew_soon(&app).await?;
        intake::work(&app).await?;
        klarsvar::outbox::work(&app).await?;
        jobs::release_expired(&app).await?;
        intake::sight::look(&app).await
    };
    let done: Result<(), klarsvar::store::Error> = done.await;
    done.expect("the desk's jobs");
}

macro_rules! seeds {
    ($($name:ident = $seed:literal),* $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
            async fn $name() {
                runs($seed).await;
            }
        )*
    };
}

seeds! {
    days_of_faults_lose_and_double_nothing_01 = 1,
    days_of_faults_lose_and_double_nothing_02 = 2,
    days_of_faults_lose_and_double_nothing_03 = 3,
    days_of_faults_lose_and_double_nothing_04 = 4,
    days_of_faults_lose_and_double_nothing_05 = 5,
    days_of_faults_lose_and_double_nothing_06 = 6,
    days_of_faults_lose_and_double_nothing_07 = 7,
    days_of_faults_lose_and_double_nothing_08 = 8,
    days_of_faults_lose_and_double_nothing_09 = 9,
    days_of_faults_lose_and_double_nothing_10 = 10,
}
