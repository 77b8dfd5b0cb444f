//! Reading a thread back.

use super::*;

#[tokio::test]
async fn a_reply_to_a_reply_is_found_under_the_top() {
    for bench in both() {
        let below = bench
            .standin
            .write_comment(public(&bench.post(), Some(&bench.comment), "Samma fråga"))
            .unwrap();
        let reply = Action::Reply {
            comment: below,
            text: "Hej!".into(),
            place: Place::default(),
        };
        assert_eq!(bench.read_back(&reply).await, Readback::Absent);
        let id = made(bench.send(&reply).await);
        assert_eq!(bench.standin.replies(&bench.comment)[1].id, id);
        assert_eq!(bench.read_back(&reply).await, found(&id));
    }
}

#[tokio::test]
async fn a_long_thread_is_read_to_its_end() {
    for bench in both() {
        let post = bench.post();
        let mut others = Vec::new();
        for n in 0..250 {
            others.push(
                bench
                    .standin
                    .write_comment(public(&post, Some(&bench.comment), &format!("nr {n}")))
                    .unwrap(),
            );
        }
        // A whole page of removed rows: it comes empty, with more to follow.
        for id in &others[..120] {
            bench.standin.forget(id);
        }
        let calls = bench.standin.calls();
        assert_eq!(bench.read_back(&bench.reply()).await, Readback::Absent);
        assert!(bench.standin.calls() - calls >= 4);
        let id = made(bench.send(&bench.reply()).await);
        assert_eq!(bench.read_back(&bench.reply()).await, found(&id));
    }
}

#[tokio::test]
async fn a_list_that_breaks_off_is_never_called_absent() {
    for bench in both() {
        for fault in [
            Fault::Drop,
            Fault::Hang,
            Fault::Refuse(Refusal::Transient),
            Fault::Refuse(Refusal::PageLimit),
            Fault::Refuse(Refusal::TokenExpired),
        ] {
            bench.fail(Scope::Reads, fault);
            let shown = bench.read_back(&bench.reply()).await;
            assert!(matches!(shown, Readback::Later { .. }), "{fault:?}: {shown:?}");
        }
        let post = bench.post();
        for n in 0..120 {
            bench
                .standin
                .write_comment(public(&post, Some(&bench.comment), &format!("nr {n}")))
                .unwrap();
        }
        // The comment and the first page are read; the second page fails.
        bench.standin.fail_next(2, Scope::Reads, Fault::Slow(Duration::ZERO));
        bench.fail(Scope::Reads, Fault::Refuse(Refusal::AppLimit));
        assert!(matches!(bench.read_back(&bench.reply()).await, Readback::Later { .. }));
    }
}

#[tokio::test]
async fn only_a_reply_of_ours_written_since_counts() {
    for bench in both() {
        let Action::Reply { text, .. } = bench.reply() else {
            unreachable!()
        };
        bench
            .standin
            .write_comment(public(&bench.post(), Some(&bench.comment), &text))
            .unwrap();
        assert_eq!(bench.read_back(&bench.reply()).await, Readback::Absent);
        let old = made(bench.send(&bench.reply()).await);
        assert_eq!(bench.read_back(&bench.reply()).await, found(&old));
        bench.pass(TimeDelta::hours(1));
        assert_eq!(bench.read_back(&bench.reply()).await, Readback::Absent);
    }
}

#[tokio::test]
async fn the_empty_list_of_a_persons_token_is_not_taken_for_absence() {
    let mut bench = bench(Platform::Facebook);
    made(bench.send(&bench.reply()).await);
    bench.standin.add_user_token("test-user-token-0001");
    bench.account.access_token = "test-user-token-0001".into();
    let shown = bench.read_back(&bench.reply()).await;
    assert!(matches!(shown, Readback::CannotTell { .. }), "{shown:?}");
}

#[tokio::test]
async fn a_reply_without_an_author_is_left_to_a_person() {
    for bench in both() {
        bench.standin.omit_authors();
        assert_eq!(bench.read_back(&bench.reply()).await, Readback::Absent);
        made(bench.send(&bench.reply()).await);
        let shown = bench.read_back(&bench.reply()).await;
        assert!(matches!(shown, Readback::CannotTell { .. }), "{shown:?}");
    }
}

#[tokio::test]
async fn a_list_whose_next_page_cannot_be_asked_for_is_not_called_absent() {
    let cut_off = Readback::CannotTell {
        message: "the list of replies could not be read to its end".into(),
    };
    for mut bench in both() {
        let body = br#"{"id":"1","data":[],"summary":{},"paging":{"next":"http://elsewhere.example/?after=x"}}"#;
        answering(&mut bench, 200, body).await;
        assert_eq!(bench.read_back(&bench.reply()).await, cut_off);
        let body = br#"{"id":"1","data":[],"summary":{},"paging":{"next":"x","cursors":{"after":"same"}}}"#;
        answering(&mut bench, 200, body).await;
        assert_eq!(bench.read_back(&bench.reply()).await, cut_off);
    }
}

#[tokio::test]
async fn nothing_that_is_kept_or_logged_repeats_the_token() {
    for mut bench in both() {
        let post = bench.post();
        for n in 0..120 {
            bench
                .standin
                .write_comment(public(&post, None, &format!("nr {n}")))
                .unwrap();
        }
        let reader = bench.connector.reader().unwrap();
        let page = reader
            .page(&bench.account, &format!("post/{post}"), None, bench.now())
            .await
            .unwrap();
        assert!(page.contains("access_token=***"), "the platform repeats it");
        assert!(!page.contains(TOKEN));
        let body = br#"{"error":{"message":"Malformed access token test-page-token-0001","code":190}}"#;
        answering(&mut bench, 400, body).await;
        let sent = format!("{:?}", bench.send(&bench.reply()).await);
        assert!(
            sent.contains("Malformed access token ***") && !sent.contains(TOKEN),
            "{sent}"
        );
    }
}
