//! Signing in, sessions and passwords, against a database.

use std::net::IpAddr;

use super::password::{self, Unfit};
use super::session::{self, Holder, SignOut, end_over, of_session};
use super::sign_in::{SignInError, prove, sign_in};
use super::staff::{self, Disable, ResetPassword, StaffRefused};
use crate::change::Failure;
use crate::domain::event::EventKind;
use crate::domain::role::Role;
use crate::practice::{PASSWORD, Practice};

fn said<T>(outcome: Result<T, SignInError>) -> String {
    match outcome {
        Ok(_) => "in".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[actix_web::test]
async fn an_address_nobody_has_and_one_somebody_has_are_refused_and_locked_alike() {
    let desk = Practice::start().await;
    desk.person("ar", &[Role::Moderator], &[]).await;
    let gone = desk.person("gone", &[Role::Moderator], &[]).await;
    let step = Disable {
        person: gone,
        by: None,
        disabled: true,
    };
    staff::change(&desk.app, step).await.expect("disabled");
    let mut answers = Vec::new();
    for email in ["ar@example.se", "gone@example.se", "nobody@example.se"] {
        let mut heard = Vec::new();
        for _ in 0..6 {
            heard.push(said(sign_in(&desk.app, None, email, "wrong").await));
        }
        heard.push(said(sign_in(&desk.app, None, email, PASSWORD).await));
        answers.push(heard);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    assert_eq!(answers[0][3], "the address and the password do not fit");
    assert_eq!(answers[0][4], "locked for another 900 s");
    desk.advance_min(16);
    assert_eq!(said(sign_in(&desk.app, None, "ar@example.se", PASSWORD).await), "in");
    assert_eq!(
        said(sign_in(&desk.app, None, "gone@example.se", PASSWORD).await),
        "the address and the password do not fit"
    );
}

#[actix_web::test]
async fn one_source_has_so_many_tries_whatever_the_address() {
    let desk = Practice::start().await;
    desk.person("ar", &[Role::Moderator], &[]).await;
    let source = Some(IpAddr::from([192, 0, 2, 7]));
    let most = desk.app.config.person.tries_per_source;
    let now = crate::clock::ms(crate::clock::Clock::now(desk.clock.as_ref()));
    for _ in 0..most {
        desk.app
            .door
            .knock(IpAddr::from([192, 0, 2, 7]), now, most)
            .expect("within the limit");
    }
    assert!(matches!(
        sign_in(&desk.app, source, "ar@example.se", PASSWORD).await,
        Err(SignInError::TooMany(_))
    ));
    assert_eq!(said(sign_in(&desk.app, None, "ar@example.se", PASSWORD).await), "in");
}

#[actix_web::test]
async fn a_session_lasts_while_it_is_used_and_no_longer_than_its_longest() {
    let desk = Practice::start().await;
    desk.person("ar", &[Role::Moderator], &[]).await;
    let open = async || {
        sign_in(&desk.app, None, "ar@example.se", PASSWORD)
            .await
            .expect("signed in")
            .secret
    };
    let is_open = async |secret: &str| {
        let holder = of_session(&desk.app, secret).await.expect("a read");
        // The use is written beside the request; here it is waited for.
        desk.app.tasks.close();
        desk.app.tasks.wait().await;
        desk.app.tasks.reopen();
        holder.is_some()
    };
    let (used, idle) = (open().await, open().await);
    for _ in 0..7 {
        desk.advance_min(100);
        assert!(is_open(&used).await);
    }
    assert!(!is_open(&idle).await);
    desk.advance_min(21);
    assert!(!is_open(&used).await, "twelve hours are the most");
    let ended = end_over(&desk.app).await.expect("the job");
    assert_eq!(ended, 2);
    assert_eq!(desk.told().await.last(), Some(&EventKind::SignedOut));
    assert_eq!(end_over(&desk.app).await.expect("the job"), 0);
}

#[actix_web::test]
async fn a_new_password_ends_every_session_but_the_one_it_was_set_in() {
    let desk = Practice::start().await;
    let ar = desk.person("ar", &[Role::Moderator], &[]).await;
    let mut secrets = Vec::new();
    for _ in 0..3 {
        let signed_in = sign_in(&desk.app, None, "ar@example.se", PASSWORD).await;
        secrets.push(signed_in.expect("signed in").secret);
    }
    let Some(Holder::Person(_, kept, _)) = of_session(&desk.app, &secrets[1]).await.expect("a read") else {
        panic!("not open");
    };
    assert!(prove(&desk.app, ar, "wrong").await.is_err());
    prove(&desk.app, ar, PASSWORD).await.expect("the present password");
    let step = ResetPassword::new(ar, "another long password", false, Some(ar)).expect("a hash");
    staff::change(&desk.app, step.keeping(Some(kept))).await.expect("set");
    let mut open = Vec::new();
    for secret in &secrets {
        open.push(of_session(&desk.app, secret).await.expect("a read").is_some());
    }
    assert_eq!(open, [false, true, false]);
    assert!(sign_in(&desk.app, None, "ar@example.se", PASSWORD).await.is_err());
    assert!(
        sign_in(&desk.app, None, "ar@example.se", "another long password")
            .await
            .is_ok()
    );
    assert_eq!(
        password::may_be_chosen("short", "ar@example.se", PASSWORD),
        Err(Unfit::Short)
    );
}

#[actix_web::test]
async fn only_the_own_session_can_be_ended_and_the_event_is_told_once() {
    let desk = Practice::start().await;
    let ar = desk.person("ar", &[Role::Moderator], &[]).await;
    let sv = desk.person("sv", &[Role::Moderator], &[]).await;
    sign_in(&desk.app, None, "ar@example.se", PASSWORD)
        .await
        .expect("signed in");
    let session = session::list(&desk.app, ar).await.expect("sessions")[0].id;
    let end = async |person| {
        desk.app
            .writer
            .change(SignOut { person, session })
            .await
            .expect("no refusal")
    };
    assert!(!end(sv).await);
    assert!(end(ar).await);
    assert!(!end(ar).await);
    let told = desk.told().await;
    assert_eq!(told.iter().filter(|kind| **kind == EventKind::SignedOut).count(), 1);
}

#[actix_web::test]
async fn the_last_administrator_stays() {
    let desk = Practice::start().await;
    let admin = desk.person("admin", &[Role::Admin], &[]).await;
    let disable = |person| Disable {
        person,
        by: Some(admin),
        disabled: true,
    };
    assert!(matches!(
        staff::change(&desk.app, disable(admin)).await,
        Err(Failure::Refused(StaffRefused::LastAdmin))
    ));
    let second = desk.person("admin-2", &[Role::Admin], &[]).await;
    staff::change(&desk.app, disable(admin))
        .await
        .expect("another is there");
    assert!(staff::change(&desk.app, disable(second)).await.is_err());
}
