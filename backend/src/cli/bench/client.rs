//! A load client that costs little: raw HTTP/1.1 over kept connections, one thread.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::cli::Failed;

/// Longest a measurement takes.
const LIMIT: Duration = Duration::from_secs(120);

#[derive(Default)]
struct Seen {
    next: Cell<usize>,
    micros: RefCell<Vec<u64>>,
    statuses: RefCell<BTreeMap<u16, usize>>,
}

#[expect(clippy::print_stdout, reason = "the command's result")]
pub async fn run(
    to: &str,
    list: &Path,
    connections: usize,
    number: Option<usize>,
    pid: Option<u32>,
) -> Result<(), Failed> {
    loopback_only(to)?;
    let text = std::fs::read_to_string(list).map_err(|error| Failed::Input(format!("{}: {error}", list.display())))?;
    let requests: Rc<Vec<Vec<u8>>> = Rc::new(
        text.lines()
            .filter(|line| !line.is_empty())
            .map(|line| encode(to, line))
            .collect::<Result<_, _>>()?,
    );
    let most = if requests.len() == 1 {
        number.unwrap_or(1_000)
    } else {
        number.unwrap_or(usize::MAX).min(requests.len())
    };
    let seen = Rc::new(Seen::default());
    let cpu = pid.and_then(cpu_seconds);
    let start = Instant::now();
    let mut clients = Vec::new();
    for _ in 0..connections {
        let (seen, requests, to) = (Rc::clone(&seen), Rc::clone(&requests), to.to_owned());
        clients.push(tokio::task::spawn_local(async move {
            send_all(&to, &requests, most, &seen, start).await
        }));
    }
    for client in clients {
        client.await??;
    }
    let seconds = start.elapsed().as_secs_f64();
    let mut micros = seen.micros.take();
    micros.sort_unstable();
    let count = micros.len().max(1);
    let share = |part: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "an index"
        )]
        let index = ((count as f64 * part).ceil() as usize).clamp(1, count) - 1;
        micros.get(index).copied().unwrap_or(0)
    };
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    let (count, cpu_ms) = (
        count as f64,
        pid.and_then(cpu_seconds)
            .zip(cpu)
            .map(|(after, before)| (after - before) * 1000.0 / micros.len().max(1) as f64),
    );
    println!(
        "{}",
        json!({
            "connections": connections,
            "requests": micros.len(),
            "per_s": (count / seconds).round(),
            "p50_us": share(0.5),
            "p99_us": share(0.99),
            "statuses": seen.statuses.take(),
            "server_cpu_ms_per_request": cpu_ms,
            "server_rss_kb": pid.and_then(rss_kb),
        })
    );
    Ok(())
}

/// Nobody's desk but one on this machine is measured.
pub(super) fn loopback_only(to: &str) -> Result<(), Failed> {
    let host = to.rsplit_once(':').map_or("", |(host, _)| host);
    if host == "localhost" || host.starts_with("127.") || host == "[::1]" {
        return Ok(());
    }
    Err(Failed::Input(
        "a measurement sends to loopback addresses only".to_owned(),
    ))
}

/// A request from a line of a list.
pub(super) fn encode(host: &str, line: &str) -> Result<Vec<u8>, Failed> {
    let value: Value = serde_json::from_str(line).map_err(|error| Failed::Input(format!("the list: {error}")))?;
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let body = text("b").unwrap_or("");
    let method = text("m").unwrap_or("GET");
    let mut head = format!("{method} {} HTTP/1.1\r\nhost: {host}\r\n", text("p").unwrap_or("/"));
    for (name, value) in value.get("h").and_then(Value::as_object).into_iter().flatten() {
        head += &format!("{name}: {}\r\n", value.as_str().unwrap_or(""));
    }
    if method != "GET" {
        head += &format!("content-length: {}\r\n", body.len());
    }
    head += "\r\n";
    head += body;
    Ok(head.into_bytes())
}

async fn send_all(
    to: &str,
    requests: &[Vec<u8>],
    most: usize,
    seen: &Seen,
    start: Instant,
) -> Result<(), std::io::Error> {
    let mut stream = TcpStream::connect(to).await?;
    stream.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(64 * 1024);
    loop {
        let index = seen.next.get();
        if index >= most || start.elapsed() > LIMIT {
            return Ok(());
        }
        seen.next.set(index + 1);
        let Some(request) = requests.get(index % requests.len()) else {
            return Ok(());
        };
        let sent = Instant::now();
        stream.write_all(request).await?;
        let status = answer(&mut stream, &mut buffer).await?;
        let micros = u64::try_from(sent.elapsed().as_micros()).unwrap_or(u64::MAX);
        *seen.statuses.borrow_mut().entry(status).or_default() += 1;
        if status < 300 {
            seen.micros.borrow_mut().push(micros);
        }
    }
}

/// Reads one answer with a known length; the desk's API always tells it.
pub(super) async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<u16, std::io::Error> {
    buffer.clear();
    let head = loop {
        if let Some(at) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(buffer).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    };
    let text = String::from_utf8_lossy(&buffer[..head]).to_ascii_lowercase();
    let status = text
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or(0);
    let length: usize = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    while buffer.len() < head + length {
        if stream.read_buf(buffer).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(status)
}

/// User and system time of a process in seconds (proc(5), `stat` fields 14 and 15, in hundredths).
pub(super) fn cpu_seconds(pid: u32) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

/// Resident memory of a process in KiB.
pub(super) fn rss_kb(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?
        .split_whitespace()
        .next()?
        .parse()
        .ok()
}
