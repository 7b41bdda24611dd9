//! The load generator (xtask/bench), called.

use std::path::{Path, PathBuf, absolute};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use fs_err as fs;
use serde_json::{Value, json};

use crate::processes;

/// As many as keep every server here busy.
pub const CONNECTIONS: usize = 32;

pub struct Load {
    program: PathBuf,
    plan: PathBuf,
}

/// What is sent.
#[derive(Clone)]
pub struct Requests {
    pub port: u16,
    /// Whole, and taken in turns.
    pub texts: Vec<String>,
    /// The status of each answer.
    pub expect: u16,
    /// Whether they begin again when each was sent.
    pub repeat: bool,
}

impl Requests {
    /// What may be asked for again and again.
    pub fn of_a_reader(port: u16, texts: Vec<String>) -> Self {
        Self { port, texts, expect: 200, repeat: true }
    }
}

/// What came back.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    pub per_second: f64,
    /// Milliseconds.
    pub p50: f64,
    pub p99: f64,
    pub longest: f64,
}

impl Load {
    pub fn new(program: &Path, folder: &Path) -> Result<Self> {
        Ok(Self { program: absolute(program)?, plan: folder.join("plan.json") })
    }

    /// With as many requests as are answered, or at a rate per second.
    pub fn measure(
        &self,
        requests: &Requests,
        time: Duration,
        rate: Option<f64>,
    ) -> Result<Measured> {
        let report = self.send(&json!({
            "address": format!("127.0.0.1:{}", requests.port),
            "connections": CONNECTIONS,
            "seconds": time.as_secs_f64(),
            "rate": rate,
            "requests": requests.texts,
            "repeat": requests.repeat,
            "expect": requests.expect,
            "keep_cookies": false,
        }))?;
        let number = |name: &str| report[name].as_f64().with_context(|| format!("no {name}"));
        Ok(Measured {
            per_second: number("answers")? / number("seconds")?,
            p50: number("p50")?,
            p99: number("p99")?,
            longest: number("longest")?,
        })
    }

    /// Cookies of so many guests, each with a cart.
    pub fn open_guests(&self, port: u16, guests: usize) -> Result<Vec<String>> {
        let request = add_to_cart(port, "");
        let report = self.send(&json!({
            "address": format!("127.0.0.1:{port}"),
            "connections": 4,
            "seconds": 60.0,
            "rate": null,
            "requests": vec![request; guests],
            "repeat": false,
            "expect": 200,
            "keep_cookies": true,
        }))?;
        let cookies = report["cookies"].as_array().context("no cookies")?;
        let cookies: Vec<_> = cookies.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        if cookies.len() < guests {
            bail!("only {} of {guests} guests have a cart", cookies.len());
        }
        Ok(cookies)
    }

    fn send(&self, plan: &Value) -> Result<Value> {
        fs::write(&self.plan, plan.to_string())?;
        let output = Command::new(&self.program).arg(&self.plan).output()?;
        if processes::interrupted() {
            bail!("interrupted");
        }
        if !output.status.success() {
            bail!("the load generator failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        let report: Value = serde_json::from_slice(&output.stdout)?;
        if report["failures"] != 0 {
            let first = report["first_failure"].as_str().unwrap_or_default();
            bail!("{} answers were not as expected; the first:\n{first}", report["failures"]);
        }
        Ok(report)
    }
}

pub fn get(port: u16, path: &str, cookie: &str) -> String {
    let cookie = if cookie.is_empty() { String::new() } else { format!("Cookie: {cookie}\r\n") };
    format!("GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n{cookie}\r\n")
}

pub fn add_to_cart(port: u16, cookie: &str) -> String {
    post(port, "/api/cart/items", cookie, "", r#"{"sku":"EL-CAMERA","quantity":1}"#)
}

/// Of what `add_to_cart` put there. `key` is of this order alone.
pub fn check_out(port: u16, cookie: &str, key: &str, order: &str) -> String {
    post(port, "/api/checkout", cookie, &format!("Idempotency-Key: {key}\r\n"), order)
}

/// `headers` each with its line's end.
fn post(port: u16, path: &str, cookie: &str, headers: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: {cookie}\r\nX-Storezero-CSRF: 1\r\n{headers}\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}
