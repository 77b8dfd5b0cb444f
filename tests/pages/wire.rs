//! Frames: the same bytes as a page, for every locale; what was missed comes on return.

use std::time::Duration;

use futures_util::StreamExt;
use klarsvar::domain::lane::Lane;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use super::{form, page};
use crate::support::cast::Member;
use crate::support::sample::ARABIC;
use crate::support::{Cast, TestDesk};

type Socket = WebSocketStream<TcpStream>;

async fn listen(desk: &TestDesk, member: &Member, query: &str) -> Socket {
    let address = desk.door().address;
    let mut request = format!("ws://{address}/wire?{query}").into_client_request().unwrap();
    request.headers_mut().insert("cookie", member.cookie().parse().unwrap());
    let tcp = TcpStream::connect(address).await.unwrap();
    tokio_tungstenite::client_async(request, tcp)
        .await
        .expect("the desk lets in")
        .0
}

/// The next frame that says anything.
async fn frame(socket: &mut Socket) -> String {
    let next = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Text(text))) if !text.is_empty() => return text.to_string(),
                Some(Ok(_)) => {}
                end => panic!("the socket ended: {end:?}"),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), next)
        .await
        .expect("a frame in time")
}

/// The next frame about this element; others may come before it.
async fn about(socket: &mut Socket, element: &str) -> String {
    loop {
        let text = frame(socket).await;
        if text.contains(&format!("id=\"{element}\"")) {
            return text;
        }
    }
}

/// The part inside the operation on this element.
fn part<'a>(frame: &'a str, mark: &str) -> &'a str {
    let from = frame.find(mark).unwrap_or_else(|| panic!("no {mark} in {frame}"));
    let rest = &frame[from..];
    let start = rest.find('>').unwrap() + 1;
    &rest[start..rest.find("</template>").unwrap()]
}

/// The numbers a frame names: its topic's before, and its own.
fn numbers(frame: &str) -> (i64, i64) {
    let head = frame
        .strip_prefix("<!--")
        .and_then(|rest| rest.split("-->").next())
        .unwrap();
    let mut words = head.split(' ').skip(1).map(|word| word.parse().unwrap());
    (words.next().unwrap(), words.next().unwrap())
}

#[tokio::test]
async fn a_pushed_card_and_item_are_the_bytes_of_a_fresh_page_in_every_locale() {
    let desk = TestDesk::start().await;
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    for (n, locale) in ["sv", "ar", "ar-arab", "en"].into_iter().enumerate() {
        form(&desk, &amal, "/locale", &format!("locale={locale}&back=/"), false)
            .await
            .is(303);
        let mut socket = listen(&desk, &amal, &format!("locale={locale}&topics=queue.ar")).await;
        let id = desk.has_comment(&format!("w-{n}"), ARABIC).await;
        let added = about(&mut socket, &format!("card-{id}")).await;
        assert!(added.contains("data-op=\"add\" data-to=\"queue\""), "{added}");
        let own = added.rfind("<template data-op=\"add\"").unwrap();
        let card = part(&added[own..], "<template data-op=\"add\"");
        assert!(
            card.starts_with(&format!("<li class=\"card\" id=\"card-{id}\"")),
            "{card}"
        );
        let shown = page(&desk, &amal, "/desk?lane=ar").await;
        shown.is(200);
        assert!(shown.text.contains(card.trim_end()), "{locale}: {card}\n{}", shown.text);

        let mut socket = listen(&desk, &amal, &format!("locale={locale}&topics=item.{id}")).await;
        amal.claims(&id).await.is(200);
        let put = frame(&mut socket).await;
        let item = part(&put, &format!("data-to=\"item-{id}\""));
        let shown = page(&desk, &amal, &format!("/desk/{id}")).await;
        assert!(shown.text.contains(item.trim_end()), "{locale}: {item}\n{}", shown.text);
        amal.releases(&id).await.is(200);
    }
}

#[tokio::test]
async fn two_people_with_different_roles_get_the_same_frame() {
    let desk = TestDesk::start().await;
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    let other = desk.hires(1, Lane::Ar).await.remove(0);
    let mut first = listen(&desk, &amal, "locale=sv&topics=queue.ar").await;
    let mut second = listen(&desk, &other, "locale=sv&topics=queue.ar").await;
    let id = desk.has_comment("w-1", ARABIC).await;
    assert_eq!(frame(&mut first).await, frame(&mut second).await);
    amal.claims(&id).await.is(200);
    let (one, two) = (frame(&mut first).await, frame(&mut second).await);
    assert_eq!(one, two);
    assert!(
        one.contains("data-op=\"put\"") && one.contains(&amal.pseudonym),
        "{one}"
    );
}

#[tokio::test]
async fn a_client_that_comes_back_gets_the_present_state_of_what_it_missed() {
    let desk = TestDesk::start().await;
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    let mut socket = listen(&desk, &amal, "locale=sv&topics=queue.ar").await;
    let first = desk.has_comment("w-1", ARABIC).await;
    let (_, had) = numbers(&frame(&mut socket).await);
    drop(socket);
    let second = desk.has_comment("w-2", ARABIC).await;
    amal.claims(&first).await.is(200);
    let mut socket = listen(&desk, &amal, &format!("locale=sv&topics=queue.ar&since=queue.ar:{had}")).await;
    let missed = frame(&mut socket).await;
    let (prev, last) = numbers(&missed);
    assert_eq!(prev, had);
    assert!(
        missed.contains(&format!("card-{second}")) && missed.contains(&format!("data-to=\"card-{first}\"")),
        "{missed}"
    );
    amal.releases(&first).await.is(200);
    let (prev, seq) = numbers(&frame(&mut socket).await);
    assert!(prev <= last && seq > last, "{prev} {last} {seq}");
}

#[tokio::test]
async fn a_past_that_is_too_long_to_tell_makes_the_topic_stale() {
    let desk = TestDesk::with(|config| config.wire.replay = 3).await;
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    desk.has_comments("w", 10, ARABIC).await;
    let mut socket = listen(&desk, &amal, "locale=sv&topics=queue.ar&since=queue.ar:1").await;
    let said = frame(&mut socket).await;
    assert!(said.contains("data-op=\"stale\" data-to=\"queue.ar\""), "{said}");
}

#[tokio::test]
async fn many_events_at_once_are_one_frame_per_pause() {
    let desk = TestDesk::with(|config| config.wire.html_pause_ms = 400).await;
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    let mut socket = listen(&desk, &amal, "locale=sv&topics=queue.ar").await;
    desk.has_comment("w-0", ARABIC).await;
    let at_once = frame(&mut socket).await;
    assert_eq!(at_once.matches("data-op=\"add\"").count(), 1);
    for n in 1..=8 {
        desk.has_comment(&format!("w-{n}"), ARABIC).await;
    }
    let (mut frames, mut added) = (0, 0);
    while added < 8 {
        let text = frame(&mut socket).await;
        assert!(text.len() <= 33_000);
        frames += 1;
        added += text.matches("data-op=\"add\"").count();
    }
    assert!(frames < 8, "{frames} frames");
}

#[tokio::test]
async fn a_comment_that_leaves_takes_its_card_with_it_and_says_why() {
    let desk = TestDesk::start().await;
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    let id = desk.has_comment("w-1", ARABIC).await;
    amal.claims(&id).await.is(200);
    let mut socket = listen(&desk, &amal, "locale=sv&topics=queue.ar").await;
    let sent = form(
        &desk,
        &amal,
        &format!("/desk/{id}/decide"),
        "kind=leave&revision=1&reason=support",
        true,
    )
    .await;
    sent.is(200);
    let gone = frame(&mut socket).await;
    assert!(
        gone.contains(&format!("data-op=\"del\" data-to=\"card-{id}\"")) && gone.contains("data-gone"),
        "{gone}"
    );
    assert!(
        sent.text.contains(part(&gone, "<template data-op=\"del\"").trim_end()),
        "{}",
        sent.text
    );
}
