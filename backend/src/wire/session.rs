//! One client's socket: what waits is fed at once and flushed once, replay first, then live.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{MissedTickBehavior, interval};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Bytes, Error, Message, Utf8Bytes};

use super::frame;
use super::hub::{Format, Frame, Listening, Notice};
use super::topic::Topic;

/// A pages' client counts the connection as lost after 12 s of silence (`ui.md` 1.3).
const BEAT: Duration = Duration::from_secs(5);
/// An API client is pinged this often (contract).
const PING: Duration = Duration::from_secs(20);

/// Longest wait for a client to take the last frame.
const PARTING: Duration = Duration::from_secs(1);

/// What is sent before live frames.
#[derive(Debug, Default)]
pub struct Opening {
    /// Frames the client missed.
    pub frames: Vec<Frame>,
    /// Topics it has to read again.
    pub stale: Vec<Topic>,
    /// Live frames up to this number are part of what it has.
    pub upto: HashMap<Topic, i64>,
}

/// Serves one client until either side ends.
pub async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut socket: WebSocketStream<S>,
    mut listening: Listening,
    opening: Opening,
) {
    let ended = listening.ended();
    let end = tokio::select! {
        () = ended.cancelled() => CloseCode::Restart,
        end = talk(&mut socket, &mut listening, opening) => match end {
            Ok(code) => code,
            Err(_) => return,
        },
    };
    drop(listening);
    let close = CloseFrame {
        code: end,
        reason: Utf8Bytes::from_static(""),
    };
    // A client that does not read does not read this either.
    let _ = tokio::time::timeout(PARTING, socket.close(Some(close))).await;
}

async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut WebSocketStream<S>,
    listening: &mut Listening,
    opening: Opening,
) -> Result<CloseCode, Error> {
    let json = listening.format() == Format::Json;
    for frame in opening.frames {
        socket.feed(Message::Text(frame.text)).await?;
    }
    for topic in opening.stale {
        socket.feed(Message::Text(stale(json, topic))).await?;
    }
    socket.flush().await?;
    let overrun = listening.overrun();
    let mut beat = interval(if json { PING } else { BEAT });
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = overrun.notified() => {
                tell_stale(socket, listening, json).await?;
                socket.flush().await?;
            }
            notice = listening.queue.recv() => {
                let mut next = notice;
                while let Some(notice) = next {
                    match notice {
                        Notice::Frame(frame) if opening.upto.get(&frame.topic).is_some_and(|upto| frame.seq <= *upto) => {}
                        Notice::Frame(frame) => socket.feed(Message::Text(frame.text)).await?,
                        Notice::Closed(topic) if json => socket.feed(Message::Text(frame::closed(topic).into())).await?,
                        Notice::Closed(topic) => socket.feed(Message::Text(stale(json, topic))).await?,
                    }
                    next = listening.queue.try_recv().ok();
                }
                tell_stale(socket, listening, json).await?;
                socket.flush().await?;
            }
            _ = beat.tick() => {
                let beat = if json { Message::Ping(Bytes::new()) } else { Message::Text(Utf8Bytes::from_static("")) };
                socket.send(beat).await?;
            }
            said = socket.next() => match said {
                // Clients have nothing to say here; actions go by HTTP.
                Some(Ok(Message::Close(_))) | None => return Ok(CloseCode::Normal),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error),
            },
        }
    }
}

async fn tell_stale<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut WebSocketStream<S>,
    listening: &Listening,
    json: bool,
) -> Result<(), Error> {
    for topic in listening.take_stale() {
        socket.feed(Message::Text(stale(json, topic))).await?;
    }
    Ok(())
}

fn stale(json: bool, topic: Topic) -> Utf8Bytes {
    if json {
        frame::stale(topic).into()
    } else {
        format!("<template data-op=\"stale\" data-to=\"{topic}\"></template>").into()
    }
}
