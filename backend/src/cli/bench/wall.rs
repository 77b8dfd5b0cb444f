//! How soon and how often a tile of the load wall is put: `klarsvar bench wall`, against a running desk.
//!
//! First single comments, each after a while in which nothing came: from the answer that it is stored until the tile of its lane
//! is put. Then a flood: how many times each tile is put in any five seconds.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use futures_util::{Stream, StreamExt};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::client::{answer, encode, loopback_only};
use super::prepare::{CONNECTOR, SENTENCES, text};
use crate::cli::Failed;
use crate::clock::{self, Clock, SystemClock};
use crate::domain::lane::Lane;

/// Longer than the least time between two changes of a tile, so that nothing holds the next one back.
const QUIET: Duration = Duration::from_secs(6);
/// The time in which a tile may be put once.
const WINDOW: Duration = Duration::from_secs(5);
/// Longest wait for a tile.
const LATEST: Duration = Duration::from_secs(20);

/// What to measure.
#[derive(Debug, Clone, clap::Args)]
pub struct Wall {
    /// Address of the desk, for example 127.0.0.1:8080
    #[arg(long)]
    to: String,
    /// The token `bench prepare` printed
    #[arg(long)]
    token: String,
    /// The lead's cookie it printed
    #[arg(long)]
    cookie: String,
    /// Single comments
    #[arg(long, default_value_t = 10)]
    singles: usize,
    /// Comments per second of the flood
    #[arg(long, default_value_t = 200)]
    rate: u32,
    /// Seconds of the flood
    #[arg(long, default_value_t = 30)]
    seconds: u32,
}

/// Measures.
///
/// # Errors
/// [`Failed::Work`] when a comment is refused or its tile never comes, and what the connection says.
#[expect(clippy::print_stdout, reason = "the figures are what the command is for")]
pub async fn run(ask: Wall, as_json: bool) -> Result<(), Failed> {
    loopback_only(&ask.to)?;
    let mut wall = listen(&ask).await?;
    let mut sender = Sender::open(&ask).await?;
    let mut waits = Vec::new();
    for number in 0..ask.singles {
        // The tile is put without a change now and then; those are taken off before.
        let quiet = tokio::time::sleep(QUIET);
        tokio::pin!(quiet);
        loop {
            tokio::select! {
                () = &mut quiet => break,
                put = wall.next() => { ended(put)?; }
            }
        }
        // The desk closes a connection that said nothing for so long.
        sender.connect().await?;
        sender.send(number * SENTENCES).await?;
        waits.push(put_of(&mut wall, Lane::Sv).await?);
    }
    waits.sort_unstable();
    sender.connect().await?;
    let flood = flood(&ask, &mut wall, &mut sender).await?;
    let (median, longest) = (waits.get(waits.len() / 2), waits.last());
    let ms = |wait: Option<&Duration>| wait.map_or(0, Duration::as_millis);
    let most = flood.values().map(|at| most_within(at)).max().unwrap_or(0);
    let mut puts: Vec<_> = flood.iter().map(|(lane, at)| (lane.as_str(), at.len())).collect();
    puts.sort_unstable();
    if as_json {
        println!(
            "{}",
            json!({ "median_ms": ms(median), "longest_ms": ms(longest), "rate": ask.rate, "seconds": ask.seconds,
                "puts": puts, "most_in_5_s": most })
        );
    } else {
        println!(
            "a comment by itself: tile put after {} ms (median of {}), at most {} ms",
            ms(median),
            waits.len(),
            ms(longest)
        );
        println!(
            "{} comments/s for {} s: tiles put {puts:?}, at most {most} in five seconds",
            ask.rate, ask.seconds
        );
    }
    Ok(())
}

/// The socket of a wall: every tile that is put, in Swedish.
async fn listen(ask: &Wall) -> Result<impl Stream<Item = Result<Vec<Lane>, Error>> + use<>, Failed> {
    let broken = |error: Error| Failed::Work(format!("no wall: {error}"));
    let mut request = format!("ws://{}/wire?locale=sv&topics=load", ask.to)
        .into_client_request()
        .map_err(broken)?;
    let cookie = ask.cookie.parse();
    let cookie = cookie.map_err(|_| Failed::Input("the cookie cannot be sent".to_owned()))?;
    request.headers_mut().insert("cookie", cookie);
    let tcp = TcpStream::connect(&ask.to).await?;
    let (socket, _) = client_async(request, tcp).await.map_err(broken)?;
    Ok(socket.map(|said| said.map(|said| tiles(&said))))
}

fn tiles(said: &Message) -> Vec<Lane> {
    let Message::Text(frame) = said else {
        return Vec::new();
    };
    let put = |lane: &&Lane| frame.contains(&format!("data-to=\"tile-{lane}\""));
    Lane::ALL.iter().filter(put).copied().collect()
}

fn ended(put: Option<Result<Vec<Lane>, Error>>) -> Result<Vec<Lane>, Failed> {
    match put {
        Some(Ok(lanes)) => Ok(lanes),
        Some(Err(error)) => Err(Failed::Work(format!("the wall's socket broke: {error}"))),
        None => Err(Failed::Work("the wall's socket was closed".to_owned())),
    }
}

/// How long it takes from now until this lane's tile is put.
async fn put_of(
    wall: &mut (impl Stream<Item = Result<Vec<Lane>, Error>> + Unpin),
    lane: Lane,
) -> Result<Duration, Failed> {
    let begun = Instant::now();
    let put = async {
        loop {
            if ended(wall.next().await)?.contains(&lane) {
                return Ok::<_, Failed>(());
            }
        }
    };
    tokio::time::timeout(LATEST, put)
        .await
        .map_err(|_| Failed::Work(format!("the tile of {lane} was not put")))??;
    Ok(begun.elapsed())
}

/// Sends the flood; when each tile was put.
async fn flood(
    ask: &Wall,
    wall: &mut (impl Stream<Item = Result<Vec<Lane>, Error>> + Unpin),
    sender: &mut Sender,
) -> Result<HashMap<Lane, Vec<Instant>>, Failed> {
    let mut puts: HashMap<Lane, Vec<Instant>> = HashMap::new();
    let mut beat = tokio::time::interval(Duration::from_secs(1) / ask.rate.max(1));
    let sending = async {
        for number in 0..usize::try_from(ask.rate.saturating_mul(ask.seconds)).unwrap_or(0) {
            beat.tick().await;
            sender.send(number).await?;
        }
        Ok::<_, Failed>(())
    };
    tokio::pin!(sending);
    loop {
        tokio::select! {
            done = &mut sending => { done?; return Ok(puts); }
            put = wall.next() => {
                for lane in ended(put)? {
                    puts.entry(lane).or_default().push(Instant::now());
                }
            }
        }
    }
}

/// The most of these within [`WINDOW`]. A tenth of a second is left for what delays a frame on its way.
fn most_within(at: &[Instant]) -> usize {
    let window = WINDOW - Duration::from_millis(100);
    (0..at.len())
        .map(|from| at[from..].iter().take_while(|one| **one - at[from] < window).count())
        .max()
        .unwrap_or(0)
}

async fn connected(to: &str) -> Result<TcpStream, Failed> {
    let stream = TcpStream::connect(to).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Hands in comments over one kept connection.
struct Sender {
    to: String,
    token: String,
    stream: TcpStream,
    buffer: Vec<u8>,
    begun_ms: i64,
    sent: usize,
}

impl Sender {
    async fn open(ask: &Wall) -> Result<Self, Failed> {
        Ok(Self {
            to: ask.to.clone(),
            token: ask.token.clone(),
            stream: connected(&ask.to).await?,
            buffer: Vec::new(),
            begun_ms: clock::ms(SystemClock.now()),
            sent: 0,
        })
    }

    async fn connect(&mut self) -> Result<(), Failed> {
        self.stream = connected(&self.to).await?;
        Ok(())
    }

    /// Hands in the sentence with this number; answers when the desk says that it is stored.
    async fn send(&mut self, number: usize) -> Result<(), Failed> {
        self.sent += 1;
        let id = format!("wall-{}-{}", self.begun_ms, self.sent);
        let body = json!({ "connector": CONNECTOR, "external_id": id, "text": text(number), "author": "wall" });
        let line = json!({ "m": "POST", "p": "/api/v1/comments", "b": body.to_string(),
            "h": { "authorization": format!("Bearer {}", self.token), "content-type": "application/json" } });
        let request = encode(&self.to, &line.to_string())?;
        self.stream.write_all(&request).await?;
        match answer(&mut self.stream, &mut self.buffer).await? {
            200..300 => Ok(()),
            status => Err(Failed::Work(format!("a comment was refused with {status}"))),
        }
    }
}
