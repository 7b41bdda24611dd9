//! Anything at all, sent to every route by every method: it is answered in time, by no fault of the shop's own, and below
//! `/api` always as a problem.
//!
//! The routes are read from the files that name them, so that none can be forgotten. What is sent is chosen by a seed,
//! which is printed; `STOREZERO_TEST_SEED` repeats a run, or begins another one.

use crate::support::{shopping::*, *};
use serde_json::{Map, Value, json};
use shared::{
    paths::{api, header, is_of_api},
    problem::{self, Problem},
};
use std::{path::Path, time::Duration};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const PATHS: &str = include_str!("../../../../shared/src/paths.rs");
const METHODS: [&str; 10] =
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get"];
/// Requests of each method to each route.
const ROUNDS: usize = 4;
/// Longer than anything that the shop waits for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Texts that break things: encoded for an address, which a body's need not be.
const TEXTS: [&str; 24] = [
    "",
    "%00",
    "a%00b",
    "%ff%fe",
    "%",
    "%zz",
    "%0d%0aSet-Cookie:%20a=b",
    "%F0%9F%8D%B5",
    "%e2%80%ae",
    "..",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "%5c..%5c",
    "'%20or%201=1--",
    "%7B%7D",
    "{slug}",
    ";jsessionid=1",
    "*",
    "-1",
    "0",
    "4294967296",
    "9223372036854775808",
    "1e999",
    "NaN",
    "true",
];
/// Names that are right somewhere.
const NAMES: [&str; 12] = [
    KNIFE,
    TEACUP,
    "kitchen-knife",
    "stoneware-teacup",
    "kitchen",
    "7K2M-9QWX-4T0B",
    "0123456789ab",
    "backend/src/app.rs",
    "name",
    "placed",
    "DE",
    "local",
];
const FIELDS: [&str; 26] = [
    "sku",
    "quantity",
    "email",
    "address",
    "full_name",
    "street",
    "postcode",
    "city",
    "country",
    "delivery",
    "card",
    "number",
    "expiry",
    "security_code",
    "seen",
    "challenge",
    "activities",
    "kind",
    "name",
    "details",
    "scope",
    "code",
    "state",
    "iss",
    "error",
    "by",
];
const HEADERS: [(&str, &[u8]); 30] = [
    ("cookie", b"storezero=x; =; ;; a"),
    ("cookie", b"storezero=\xff\xfe; b=%zz"),
    ("cookie", b"storezero=a; storezero=b; storezero-cart=%00"),
    ("authorization", b"Bearer"),
    ("authorization", b"Bearer a.b.c"),
    ("authorization", b"Bearer eyJhbGciOiJub25lIn0.e30."),
    ("authorization", b"Basic \xff"),
    ("x-storezero-cart", b""),
    ("x-storezero-cart", b"\xff"),
    ("x-storezero-cart", b"../../../etc/passwd"),
    ("x-storezero-csrf", b"0"),
    ("x-storezero-background", b"\xff"),
    ("idempotency-key", b""),
    ("idempotency-key", b"\xff\xff"),
    ("content-type", b"application/json; charset=utf-7"),
    ("content-type", b"\xff"),
    ("content-type", b"multipart/form-data"),
    ("content-encoding", b"gzip"),
    ("origin", b"null"),
    ("origin", b"https://evil.example"),
    ("origin", b"\xff"),
    ("access-control-request-method", b"BREW"),
    ("sec-fetch-site", b"cross-site"),
    ("sec-fetch-dest", b"image"),
    ("accept-encoding", b"br;q=x, \xff"),
    ("if-none-match", b"*, \"\xff"),
    ("range", b"bytes=9-1,-0"),
    ("last-event-id", b"\xff"),
    ("x-forwarded-for", b"' or 1=1"),
    ("upgrade", b"websocket"),
];

/// Marsaglia's xorshift64: enough to choose by.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).expect("a size");
        usize::try_from(self.roll() % end).expect("a size")
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    fn choose<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// For an address.
    fn text(&mut self) -> String {
        match self.below(8) {
            0..3 => (*self.choose(&NAMES)).to_owned(),
            3 => "x".repeat(1 + self.below(4000)),
            _ => (*self.choose(&TEXTS)).to_owned(),
        }
    }

    fn query(&mut self, names: &[String]) -> String {
        let pairs = 1 + self.below(4);
        let pairs: Vec<String> =
            (0..pairs).map(|_| format!("{}={}", self.choose(names), self.text())).collect();
        format!("?{}", pairs.join("&"))
    }

    fn json(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 7 } else { 9 }) {
            0 => Value::Null,
            1 => json!(self.one_in(2)),
            2 => json!([-1_i64, 0, 1, i64::MAX][self.below(4)]),
            3 => json!([1.8e19, -0.0, 1.5, 1e308][self.below(4)]),
            4 => json!(["\0", "\u{202e}", "a\u{0}b", "🍵", "' or 1=1", "<script>"][self.below(6)]),
            5 => json!("x".repeat(self.below(5000))),
            6 => json!(self.choose(&NAMES)),
            7 => (0..self.below(4)).map(|_| self.json(depth - 1)).collect(),
            _ => Value::Object(self.object(depth - 1)),
        }
    }

    fn object(&mut self, depth: usize) -> Map<String, Value> {
        let fields = self.below(6);
        (0..fields).map(|_| ((*self.choose(&FIELDS)).to_owned(), self.json(depth))).collect()
    }

    /// A body that would be in order somewhere, with one of its values replaced.
    fn nearly(&mut self, good: &[Value]) -> Value {
        let mut body = self.choose(good).clone();
        self.spoil(&mut body);
        body
    }

    fn spoil(&mut self, value: &mut Value) {
        let mut members: Vec<&mut Value> = match value {
            Value::Object(members) => members.values_mut().collect(),
            Value::Array(items) => items.iter_mut().collect(),
            _ => Vec::new(),
        };
        if members.is_empty() || self.one_in(5) {
            *value = self.json(3);
        } else {
            let at = self.below(members.len());
            self.spoil(members.swap_remove(at));
        }
    }

    fn body(&mut self, good: &[Value]) -> Vec<u8> {
        match self.below(12) {
            0 => Vec::new(),
            1 => b"{\"sku\": \"\xff\"}".to_vec(),
            2 => br#"{"sku": "\ud800", "quantity": 1}"#.to_vec(),
            3 => br#"{"sku": "HK-KNIFE", "quantity": 1e400}"#.to_vec(),
            4 => [b"[".repeat(20_000), b"]".repeat(20_000)].concat(),
            5 => vec![b'{'; 70_000],
            6 => format!("logout_token={}&code=%00", self.text()).into_bytes(),
            7 => self.json(4).to_string().into_bytes(),
            8 => self.choose(good).to_string().into_bytes(),
            _ => self.nearly(good).to_string().into_bytes(),
        }
    }
}

/// What `shared::paths` names outside of the pages, and what the backend names itself.
pub fn routes() -> Vec<String> {
    let (before, rest) = PATHS.split_once("pub mod page").expect("the pages");
    assert!(rest.contains("pub mod header"), "the order of the modules changed");
    let mut routes: Vec<String> = before
        .split("&str = \"")
        .skip(1)
        .map(|text| text.split('"').next().unwrap_or_default().into())
        .collect();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![src];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder of sources").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let own = text.split("resource(\"").skip(1).filter_map(|text| text.split('"').next());
            routes.extend(own.map(str::to_owned));
        }
    }
    routes.push("/".to_owned());
    routes
}

/// The names of every query that a comment of `shared::paths` tells of, and of some that no comment does.
fn query_names() -> Vec<String> {
    let told = PATHS.split('?').skip(1).flat_map(|text| {
        let end = text.find(|it: char| !it.is_ascii_alphanumeric() && !"_=&".contains(it));
        text[..end.unwrap_or(text.len())].split('&').filter_map(|pair| pair.split('=').next())
    });
    let mut names: Vec<String> = told
        .filter(|name| !name.is_empty())
        .chain(["code", "state", "iss", "error", "q", "%00", ""])
        .map(str::to_owned)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The template's `{…}` replaced.
fn filled_in(route: &str, dice: &mut Dice) -> String {
    match (route.find('{'), route.rfind('}')) {
        (Some(start), Some(end)) => {
            format!("{}{}{}", &route[..start], dice.text(), &route[end + 1..])
        }
        _ if dice.one_in(12) => {
            format!("{route}{}", ["/", "//", "/x", ";x", "%2f", "%00"][dice.below(6)])
        }
        _ => route.to_owned(),
    }
}

struct Said {
    status: u16,
    content_type: String,
    body: Vec<u8>,
}

/// Over a connection of its own: no client's library makes it any better.
async fn send(shop: &TestApp, method: &str, request: &[u8]) -> Said {
    let mut stream = tokio::net::TcpStream::connect(shop.address).await.expect("a connection");
    // A server that has seen enough may close before the end.
    let _ = stream.write_all(request).await;
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 * 1024];
    // Not until it is closed: a server takes its time for that where it left a body unread.
    while !is_whole(method, &bytes) {
        let count = stream.read(&mut buffer).await.unwrap_or(0);
        if count == 0 {
            break;
        }
        bytes.extend_from_slice(&buffer[..count]);
    }
    let (head, body) = parts(&bytes)
        .unwrap_or_else(|| panic!("no answer, but {:?}", String::from_utf8_lossy(&bytes)));
    let content_type = value_of(&head, "content-type");
    Said {
        status: head.split(' ').nth(1).and_then(|text| text.parse().ok()).expect("a status"),
        content_type: content_type.unwrap_or_default(),
        body: body.to_vec(),
    }
}

fn is_whole(method: &str, bytes: &[u8]) -> bool {
    let Some((head, body)) = parts(bytes) else { return false };
    let length = value_of(&head, "content-length").and_then(|text| text.parse().ok());
    let has_no_end = value_of(&head, "content-type").is_some_and(|it| it == "text/event-stream");
    method == "HEAD"
        || has_no_end
        || length.is_some_and(|length: usize| body.len() >= length)
        || (length.is_none() && body.ends_with(b"0\r\n\r\n"))
}

fn parts(bytes: &[u8]) -> Option<(String, &[u8])> {
    let end = bytes.windows(4).position(|part| part == b"\r\n\r\n")?;
    Some((String::from_utf8_lossy(&bytes[..end]).to_lowercase(), &bytes[end + 4..]))
}

fn value_of(head: &str, name: &str) -> Option<String> {
    let value = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))?;
    Some(value.to_owned())
}

#[tokio::test]
async fn whatever_is_sent_to_any_route_is_answered_and_the_fault_is_never_the_shops() {
    let seed = std::env::var("STOREZERO_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or(2026);
    println!("STOREZERO_TEST_SEED={seed}");
    let mut dice = Dice(seed.max(1));
    let provider = Provider::start().await;
    let shop =
        Spawn::default().with_provider(&provider).setting("STOREZERO_DEMO", "true").spawn().await;
    let routes = routes();
    for known in [api::CHECKOUT, "/auth/callback", "/source/{file:.*}", "/health/ready"] {
        assert!(routes.iter().any(|route| route == known), "{known} is not among {routes:?}");
    }
    let names = query_names();
    assert!(names.iter().any(|name| name == "return_to"), "{names:?}");
    let mut sent = 0;
    for route in &routes {
        let began = std::time::Instant::now();
        let sam = shop.guest();
        let login = sam.start_login("/account").await;
        sam.come_back(&provider.grant(&login)).await.expect(303);
        sam.add(KNIFE, 1).await.expect(200);
        let form = sam.order_form().await;
        let good = [
            json!({ "sku": KNIFE, "quantity": 1 }),
            json!({ "delivery": "standard", "country": "DE" }),
            json!({ "scope": "local" }),
            json!({ "activities": [{ "kind": "page-view", "name": "page-viewed", "details": "/cart" }] }),
            serde_json::to_value(&form.address).expect("JSON"),
            serde_json::to_value(form).expect("JSON"),
        ];
        let cookies = sam.cookies().into_iter().map(|it| format!("{}={}", it.name, it.value));
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        for method in METHODS {
            for _ in 0..ROUNDS {
                let mut target = filled_in(route, &mut dice);
                if dice.one_in(2) {
                    target += &dice.query(&names);
                }
                let mut request = format!(
                    "{method} {target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
                )
                .into_bytes();
                if !dice.one_in(4) {
                    request.extend(format!("{}: 1\r\n", header::CSRF).bytes());
                }
                if !dice.one_in(3) {
                    request.extend(format!("cookie: {cookies}\r\n").bytes());
                }
                if !dice.one_in(4) {
                    request.extend(b"content-type: application/json\r\n");
                }
                if dice.one_in(2) {
                    request
                        .extend(format!("{}: {}\r\n", header::IDEMPOTENCY_KEY, new_key()).bytes());
                }
                for _ in 0..dice.below(3) {
                    let (name, value) = *dice.choose(&HEADERS);
                    request.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
                }
                let body = if dice.one_in(4) { Vec::new() } else { dice.body(&good) };
                request.extend(format!("content-length: {}\r\n\r\n", body.len()).bytes());
                request.extend(&body);

                let told =
                    || String::from_utf8_lossy(&request[..request.len().min(1500)]).into_owned();
                let said = tokio::time::timeout(PATIENCE, send(&shop, method, &request)).await;
                let said = said.unwrap_or_else(|_| panic!("no answer in time to:\n{}", told()));
                expect_in_order(method, &target, &said, &told);
                sent += 1;
            }
        }
        shop.guest().get(api::PRODUCTS).await.expect(200);
        println!("{route}: {:?}", began.elapsed());
    }
    println!("{sent} requests to {} routes", routes.len());
}

#[track_caller]
fn expect_in_order(method: &str, target: &str, said: &Said, told: &dyn Fn() -> String) {
    let body = String::from_utf8_lossy(&said.body);
    assert!(said.status < 500, "{}: {body}\nto:\n{}", said.status, told());
    let path = target.split('?').next().unwrap_or_default();
    if !is_of_api(path) || said.status < 400 {
        return;
    }
    assert_eq!(
        said.content_type,
        problem::CONTENT_TYPE,
        "{}: {body}\nto:\n{}",
        said.status,
        told()
    );
    if method == "HEAD" {
        return;
    }
    let problem: Problem = serde_json::from_slice(&said.body)
        .unwrap_or_else(|error| panic!("{error}: {body}\nto:\n{}", told()));
    assert_eq!(problem.status, said.status, "{body}\nto:\n{}", told());
    assert!(!problem.title.is_empty() && !problem.detail.is_empty(), "{body}");
}
