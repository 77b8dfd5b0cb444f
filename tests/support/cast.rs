//! The cast, always the same, and what they do.

use klarsvar::change::{Actor, Change, Event, Failure, Step};
use klarsvar::domain::event::EventKind;
use klarsvar::domain::id::{PersonId, ShiftId};
use klarsvar::domain::lane::Lane;
use klarsvar::domain::role::Role;
use klarsvar::domain::shift::ShiftState;
use klarsvar::store::entity::shift;
use reqwest::Method;
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::{Value, json};

use super::desk::Door;
use super::stream::Stream;
use super::{Answer, TestDesk};

/// One of the cast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cast {
    /// Moderator of the Arabic lane.
    Amal,
    /// Moderator of the Swedish and English lanes.
    Signe,
    /// Supervisor of every lane.
    Sofia,
    /// Shift lead.
    Lars,
    /// Editor.
    Edvin,
    /// Administrator.
    Adam,
    /// Auditor.
    Agnes,
    /// On the staff list without any role.
    Olle,
}

impl Cast {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Amal,
        Self::Signe,
        Self::Sofia,
        Self::Lars,
        Self::Edvin,
        Self::Adam,
        Self::Agnes,
        Self::Olle,
    ];

    /// Address to sign in with.
    pub const fn email(self) -> &'static str {
        match self {
            Self::Amal => "amal@desk.example",
            Self::Signe => "signe@desk.example",
            Self::Sofia => "sofia@desk.example",
            Self::Lars => "lars@desk.example",
            Self::Edvin => "edvin@desk.example",
            Self::Adam => "adam@desk.example",
            Self::Agnes => "agnes@desk.example",
            Self::Olle => "olle@desk.example",
        }
    }

    /// What colleagues see.
    pub const fn pseudonym(self) -> &'static str {
        match self {
            Self::Amal => "AR-1",
            Self::Signe => "SV-1",
            Self::Sofia => "SUP-1",
            Self::Lars => "LEAD-1",
            Self::Edvin => "ED-1",
            Self::Adam => "ADM-1",
            Self::Agnes => "AUD-1",
            Self::Olle => "OUT-1",
        }
    }

    /// Roles and the lanes they can work.
    pub fn work(self) -> (Vec<Role>, Vec<Lane>) {
        match self {
            Self::Amal => (vec![Role::Moderator], vec![Lane::Ar, Lane::Other]),
            Self::Signe => (vec![Role::Moderator], vec![Lane::Sv, Lane::En]),
            Self::Sofia => (vec![Role::Supervisor], Lane::ALL.to_vec()),
            Self::Lars => (vec![Role::Lead], vec![]),
            Self::Edvin => (vec![Role::Editor], vec![]),
            Self::Adam => (vec![Role::Admin], vec![]),
            Self::Agnes => (vec![Role::Auditor], vec![]),
            Self::Olle => (vec![], vec![]),
        }
    }
}

/// Everybody's password: what is tested is never how well it was chosen.
pub const PASSWORD: &str = "korrekt häst batteri häftklammer";

/// Somebody at the desk, with a session or without.
#[derive(Clone)]
pub struct Member {
    /// Who.
    pub id: PersonId,
    /// What colleagues see.
    pub pseudonym: String,
    pub(super) door: Door,
    pub(super) cookie: Option<String>,
}

impl Member {
    /// The session's cookie as the browser sends it.
    pub fn cookie(&self) -> &str {
        self.cookie.as_deref().unwrap_or_default()
    }

    /// Sends a request with this person's session.
    pub async fn asks(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let mut request = self.door.http.request(method, format!("{}{path}", self.door.url));
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        Answer::of(request.send().await).await
    }

    /// GET.
    pub async fn gets(&self, path: &str) -> Answer {
        self.asks(Method::GET, path, None).await
    }

    /// POST with a JSON body.
    pub async fn posts(&self, path: &str, body: Value) -> Answer {
        self.asks(Method::POST, path, Some(&body)).await
    }

    /// Claims a comment.
    pub async fn claims(&self, id: &str) -> Answer {
        self.asks(Method::POST, &format!("/api/v1/comments/{id}/claim"), None)
            .await
    }

    /// Prolongs a claim.
    pub async fn extends(&self, id: &str) -> Answer {
        self.asks(Method::POST, &format!("/api/v1/comments/{id}/extend"), None)
            .await
    }

    /// Gives a comment back.
    pub async fn releases(&self, id: &str) -> Answer {
        self.asks(Method::POST, &format!("/api/v1/comments/{id}/release"), None)
            .await
    }

    /// Takes the best comment.
    pub async fn takes_next(&self) -> Answer {
        self.asks(Method::POST, "/api/v1/queue/next", None).await
    }

    /// Reads a comment.
    pub async fn reads(&self, id: &str) -> Answer {
        self.gets(&format!("/api/v1/comments/{id}")).await
    }

    /// Signs out.
    pub async fn signs_out(&self) -> Answer {
        self.asks(Method::DELETE, "/api/v1/session", None).await
    }

    /// Opens the event stream.
    pub async fn listens(&self, query: &str) -> Stream {
        Stream::open(
            &self.door.address,
            &format!("/api/v1/stream?{query}"),
            self.cookie.as_deref(),
        )
        .await
        .unwrap_or_else(|refused| panic!("the stream was refused: {refused:?}"))
    }

    /// Tries to open the event stream and gives the status of the refusal.
    pub async fn is_refused_the_stream(&self, query: &str) -> u16 {
        let path = format!("/api/v1/stream?{query}");
        match Stream::open(&self.door.address, &path, self.cookie.as_deref()).await {
            Ok(_) => panic!("the stream was opened"),
            Err(status) => status,
        }
    }
}

impl Door {
    /// Signs somebody in.
    pub async fn member(&self, email: &str) -> Member {
        let (who, cookie) = self.signs_in_as(email).await;
        Member {
            id: who["id"].as_str().unwrap().parse().unwrap(),
            pseudonym: who["pseudonym"].as_str().unwrap().to_owned(),
            door: self.clone(),
            cookie: Some(cookie),
        }
    }

    /// Signs somebody in; gives the session's cookie as a browser sends it.
    pub async fn signs_in(&self, who: Cast) -> String {
        self.signs_in_as(who.email()).await.1
    }

    async fn signs_in_as(&self, email: &str) -> (Value, String) {
        let body = json!({ "email": email, "password": PASSWORD });
        let sent = self
            .http
            .post(format!("{}/api/v1/session", self.url))
            .json(&body)
            .send()
            .await;
        let answer = Answer::of(sent).await;
        let cookie = answer
            .header("set-cookie")
            .split(';')
            .next()
            .unwrap_or_default()
            .to_owned();
        (answer.json(200), cookie)
    }
}

impl TestDesk {
    /// Somebody of the cast, signed in.
    pub async fn signs_in(&self, who: Cast) -> Member {
        self.signs_in_as(who.email()).await
    }

    /// Somebody, signed in.
    pub async fn signs_in_as(&self, email: &str) -> Member {
        self.door.member(email).await
    }

    /// Somebody of the cast, signed in and checked in.
    pub async fn works(&self, who: Cast, lane: Lane) -> Member {
        let member = self.signs_in(who).await;
        self.checks_in(&member, lane).await;
        member
    }

    /// A browser in which nobody is signed in.
    pub fn nobody(&self) -> Member {
        Member {
            id: PersonId(uuid::Uuid::nil()),
            pseudonym: String::new(),
            door: self.door.clone(),
            cookie: None,
        }
    }

    /// More moderators of one lane, all signed in and checked in.
    pub async fn hires(&self, count: usize, lane: Lane) -> Vec<Member> {
        let mut hired = Vec::new();
        let hash = klarsvar::person::password::hash(PASSWORD).expect("a hash");
        for number in 0..count {
            let email = format!("{lane}-{number}@desk.example");
            self.writes(super::database::Hire::new(
                &email,
                &format!("{lane}-9{number}").to_uppercase(),
                lane,
                &hash,
            ))
            .await;
            hired.push(email);
        }
        self.reloads_people().await;
        let mut members = Vec::new();
        for email in hired {
            let member = self.signs_in_as(&email).await;
            self.checks_in(&member, lane).await;
            members.push(member);
        }
        members
    }

    /// Checks a person in to a lane, from an hour ago for eight hours.
    pub async fn checks_in(&self, member: &Member, lane: Lane) -> ShiftId {
        self.writes(StartShift {
            person: member.id,
            lane,
        })
        .await
    }

    /// Checks a person out.
    pub async fn checks_out(&self, member: &Member, lane: Lane, shift: ShiftId) {
        self.writes(EndShift {
            person: member.id,
            lane,
            shift,
        })
        .await;
    }

    /// Makes a change through the desk's own writer.
    pub async fn writes<S: Step>(&self, step: S) -> S::Out {
        match self.app().writer.change(step).await {
            Ok(out) => out,
            Err(Failure::Refused(_)) => panic!("the change was refused"),
            Err(Failure::Store(error)) => panic!("the change was not stored: {error}"),
        }
    }

    async fn reloads_people(&self) {
        self.runs(|app| async move { app.people.load(app.db.reader()).await })
            .await
            .expect("the staff can be read");
    }
}

struct StartShift {
    person: PersonId,
    lane: Lane,
}

impl Step for StartShift {
    type Out = ShiftId;
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<ShiftId, Failure<Self::Refusal>> {
        let (id, now) = (change.id::<ShiftId>(), change.now_ms());
        let span = (now - 3_600_000, now + 7 * 3_600_000);
        let row = shift::Model {
            state: ShiftState::Started,
            checked_in_at: Some(now),
            ..shift::Model::new(id, self.person, self.lane, span)
        };
        change.execute(&shift::Entity::insert(row.into_active_model())).await?;
        change.event(shift_event(EventKind::ShiftStarted, self.lane, self.person, id, now));
        Ok(id)
    }
}

struct EndShift {
    person: PersonId,
    lane: Lane,
    shift: ShiftId,
}

impl Step for EndShift {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        change.execute(&shift::Entity::delete_by_id(self.shift)).await?;
        let actor = Actor::Person(self.person);
        klarsvar::lane::claim::give_back_all(change, self.person, Some(self.lane), actor, "checked-out").await?;
        let now = change.now_ms();
        change.event(shift_event(
            EventKind::ShiftEnded,
            self.lane,
            self.person,
            self.shift,
            now,
        ));
        Ok(())
    }
}

fn shift_event(kind: EventKind, lane: Lane, person: PersonId, shift: ShiftId, at: i64) -> Event {
    Event {
        seq: 0,
        at,
        kind,
        comment: None,
        lane: Some(lane),
        actor: Actor::Person(person),
        data: json!({ "person": person, "shift": shift }),
        moved: None,
    }
}
