//! The load generator: sends requests over kept connections and says how long the answers took.
//!
//! `bench-load <plan.json>` prints a `Report` as JSON. One of our own, since the rows of the bench need what no other
//! has together: a body and a cookie of its own with each request, a fixed rate, the cookies that answers set, and no
//! installation. It runs on one thread, so that it leaves most of a small machine to the server.

use std::{
    env, fs,
    net::SocketAddr,
    str,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
    time::sleep_until,
};

#[derive(Deserialize)]
struct Plan {
    address: SocketAddr,
    connections: usize,
    seconds: f64,
    /// Requests per second of all connections together; as many as are answered where there is none. Then a time is
    /// counted from when the request was due: one that had to wait for a slow answer before it was late too.
    rate: Option<f64>,
    /// Whole requests, which the connections take turns with.
    requests: Vec<String>,
    /// Whether the list begins again at its end.
    repeat: bool,
    /// The status of each answer, or the request has failed.
    expect: u16,
    /// Whether to report what `Set-Cookie` said, as the `Cookie` that a browser would send.
    keep_cookies: bool,
}

#[derive(Default, Serialize)]
struct Report {
    answers: usize,
    failures: usize,
    /// The beginning of the first answer that was none of those expected.
    first_failure: Option<String>,
    seconds: f64,
    /// Milliseconds.
    p50: f64,
    p99: f64,
    longest: f64,
    cookies: Vec<String>,
}

/// What one connection has seen.
#[derive(Default)]
struct Tally {
    took: Vec<Duration>,
    failures: usize,
    first_failure: Option<String>,
    cookies: Vec<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let file = env::args().nth(1).context("bench-load <plan.json>")?;
    let plan: Plan = serde_json::from_slice(&fs::read(file)?)?;
    ensure!(!plan.requests.is_empty(), "the plan has no requests");
    let plan = Arc::new(plan);
    let mut streams = Vec::new();
    for _ in 0..plan.connections {
        let stream = TcpStream::connect(plan.address).await?;
        stream.set_nodelay(true)?;
        streams.push(stream);
    }
    let start = Instant::now();
    let mut connections = JoinSet::new();
    for (index, stream) in streams.into_iter().enumerate() {
        connections.spawn(use_connection(Arc::clone(&plan), index, stream, start));
    }
    let mut tallies = Vec::new();
    while let Some(tally) = connections.join_next().await {
        tallies.push(tally??);
    }
    println!("{}", serde_json::to_string(&report(tallies, start.elapsed()))?);
    Ok(())
}

async fn use_connection(
    plan: Arc<Plan>,
    index: usize,
    mut stream: TcpStream,
    start: Instant,
) -> anyhow::Result<Tally> {
    let end = start + Duration::from_secs_f64(plan.seconds);
    let mut due = plan.rate.map(|rate| Schedule::new(start, rate, index, plan.connections));
    let mut tally = Tally::default();
    let mut buffer = Vec::with_capacity(64 * 1024);
    for number in (index..).step_by(plan.connections) {
        let number = if plan.repeat { number % plan.requests.len() } else { number };
        let Some(request) = plan.requests.get(number) else { break };
        let sent = match &mut due {
            Some(schedule) => schedule.wait().await,
            None => Instant::now(),
        };
        if Instant::now() >= end {
            break;
        }
        stream.write_all(request.as_bytes()).await?;
        let answer = read_answer(&mut stream, &mut buffer).await?;
        tally.took.push(sent.elapsed());
        if answer.status != plan.expect {
            tally.failures += 1;
            let text = || String::from_utf8_lossy(&buffer[..buffer.len().min(600)]).into_owned();
            tally.first_failure.get_or_insert_with(text);
        } else if plan.keep_cookies {
            tally.cookies.push(cookies(&buffer[..answer.head]));
        }
    }
    Ok(tally)
}

/// When a connection's requests are due: evenly, and each connection a little after the one before.
struct Schedule {
    start: Instant,
    every: f64,
    next: f64,
}

impl Schedule {
    #[expect(clippy::cast_precision_loss, reason = "of a few dozen connections")]
    fn new(start: Instant, rate: f64, index: usize, connections: usize) -> Self {
        let every = connections as f64 / rate;
        Self { start, every, next: index as f64 / rate }
    }

    async fn wait(&mut self) -> Instant {
        let due = self.start + Duration::from_secs_f64(self.next);
        self.next += self.every;
        if due > Instant::now() {
            sleep_until(due.into()).await;
        }
        due
    }
}

struct Answer {
    status: u16,
    /// Bytes of status line and headers.
    head: usize,
}

/// Reads one answer into `buffer`, from its first byte on.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> anyhow::Result<Answer> {
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            bail!("the server closed the connection after {} bytes", buffer.len());
        }
        if let Some((answer, length)) = parse(buffer)? {
            while buffer.len() < length {
                ensure!(stream.read_buf(buffer).await? > 0, "the server closed the connection");
            }
            return Ok(answer);
        }
    }
}

/// Status, and where head and body end; nothing as long as the head is not there.
fn parse(bytes: &[u8]) -> anyhow::Result<Option<(Answer, usize)>> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = str::from_utf8(&bytes[..end]).context("an answer's head is text")?;
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).context("a status")?;
    let status = status.parse()?;
    let length = lines.find_map(|line| value_of(line, "content-length"));
    let body = match (status, length) {
        (_, Some(length)) => length.parse()?,
        (204 | 304, None) => 0,
        _ => bail!("an answer without a length, which this program cannot read:\n{head}"),
    };
    let head = end + 4;
    Ok(Some((Answer { status, head }, head + body)))
}

fn value_of<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (found, value) = line.split_once(':')?;
    found.eq_ignore_ascii_case(name).then(|| value.trim())
}

/// `Set-Cookie`s as a browser sends them back.
fn cookies(head: &[u8]) -> String {
    let head = String::from_utf8_lossy(head);
    let set = head.split("\r\n").filter_map(|line| value_of(line, "set-cookie"));
    set.filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ")
}

fn report(tallies: Vec<Tally>, took: Duration) -> Report {
    let mut report = Report { seconds: took.as_secs_f64(), ..Report::default() };
    let mut all = Vec::new();
    for tally in tallies {
        all.extend(tally.took);
        report.failures += tally.failures;
        report.first_failure = report.first_failure.or(tally.first_failure);
        report.cookies.extend(tally.cookies);
    }
    all.sort_unstable();
    report.answers = all.len();
    [report.p50, report.p99, report.longest] = [50, 99, 100].map(|share| percentile(&all, share));
    report
}

/// In milliseconds: the shortest time that `share` percent of the answers took no longer than (nearest rank).
fn percentile(sorted: &[Duration], share: usize) -> f64 {
    let rank = (sorted.len() * share).div_ceil(100);
    let found = rank.checked_sub(1).and_then(|index| sorted.get(index));
    found.map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_where_its_length_says() {
        let text = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
        assert!(parse(&text[..20]).unwrap().is_none());
        let (answer, length) = parse(text).unwrap().unwrap();
        assert_eq!((answer.status, answer.head, length), (200, 38, 43));
        let (_, length) = parse(b"HTTP/1.1 304 Not Modified\r\n\r\n").unwrap().unwrap();
        assert_eq!(length, 29);
        assert!(parse(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
    }

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let times: Vec<_> = (1..=200).map(Duration::from_millis).collect();
        let at = |share| percentile(&times, share).round();
        assert_eq!([at(50), at(99), at(100)].map(|it| it.to_string()), ["100", "198", "200"]);
        assert_eq!(percentile(&[], 99).to_bits(), 0.0f64.to_bits());
    }

    #[test]
    fn cookies_go_back_without_their_attributes() {
        let head = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Path=/\r\nset-cookie: b=2; HttpOnly\r\n";
        assert_eq!(cookies(head), "a=1; b=2");
    }
}
