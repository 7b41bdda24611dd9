//! A login as a person's browser does it, over plain HTTP: redirects, cookies, one form.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

/// More than any login here takes.
const MOST_REDIRECTS: usize = 20;

/// Every server here is on localhost, and cookies do not tell ports apart.
#[derive(Default)]
pub struct Browser {
    cookies: Vec<(String, String)>,
}

pub struct Answer {
    pub status: u16,
    /// Of the last page after all redirects.
    pub url: String,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Browser {
    /// Signs the demo's customer in, starting at a page that leads to the login.
    pub fn sign_in(&mut self, login: &str) -> Result<()> {
        let page = self.follow("GET", login, "")?;
        let form = Form::of(&page.body).with_context(|| {
            format!("no login page at {} ({}):\n{}", page.url, page.status, page.body)
        })?;
        let mut fields = form.hidden;
        fields.push(("email".into(), "ada@example.com".into()));
        fields.push(("password".into(), "demo-password".into()));
        let back = self.follow("POST", &resolve(&page.url, &form.action), &encode(&fields))?;
        if origin(&back.url) != origin(login) || back.status >= 400 {
            bail!("the login ended at {} ({}):\n{}", back.url, back.status, back.body);
        }
        Ok(())
    }

    pub fn get(&mut self, url: &str) -> Result<String> {
        let answer = self.follow("GET", url, "")?;
        if answer.status != 200 {
            bail!("{url} answers {}:\n{}", answer.status, answer.body);
        }
        Ok(answer.body)
    }

    /// As `Cookie` of another client, those whose names begin like this.
    pub fn cookies(&self, prefix: &str) -> String {
        let named = self.cookies.iter().filter(|(name, _)| name.starts_with(prefix));
        named.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn follow(&mut self, method: &str, url: &str, form: &str) -> Result<Answer> {
        let mut answer = self.send(method, url, "application/x-www-form-urlencoded", form)?;
        for _ in 0..MOST_REDIRECTS {
            let location = answer.header("location").map(str::to_owned);
            match location {
                Some(location) if (300..400).contains(&answer.status) => {
                    let next = resolve(&answer.url, &location);
                    answer = self.send("GET", &next, "", "")?;
                }
                _ => return Ok(answer),
            }
        }
        bail!("{url} redirects without end, at last to {}", answer.url)
    }

    fn send(&mut self, method: &str, url: &str, content: &str, body: &str) -> Result<Answer> {
        let origin = origin(url);
        let mut head =
            format!("Host: {}\r\nOrigin: {origin}\r\nCookie: {}\r\n", host(url), self.cookies(""));
        // As a navigation within the shop, which alone may begin a login.
        head += "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";
        if method != "GET" {
            let _ = write!(head, "Content-Type: {content}\r\nContent-Length: {}\r\n", body.len());
        }
        let answer = exchange(method, url, &head, body)?;
        for (_, cookie) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            self.keep(cookie);
        }
        Ok(answer)
    }

    fn keep(&mut self, set_cookie: &str) {
        let (pair, attributes) = set_cookie.split_once(';').unwrap_or((set_cookie, ""));
        let Some((name, value)) = pair.split_once('=') else { return };
        self.cookies.retain(|(kept, _)| kept != name);
        let attributes = attributes.to_ascii_lowercase();
        if !attributes.contains("max-age=0") && !attributes.contains("1970") {
            self.cookies.push((name.into(), value.into()));
        }
    }
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}

/// A program's own request: `POST` of JSON, with a cookie that may be empty.
pub fn post_json(url: &str, cookie: &str, body: &str) -> Result<Answer> {
    let head = format!(
        "Host: {}\r\nCookie: {cookie}\r\nX-Storezero-CSRF: 1\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n",
        host(url),
        body.len()
    );
    exchange("POST", url, &head, body)
}

fn exchange(method: &str, url: &str, head: &str, body: &str) -> Result<Answer> {
    let path = &url[origin(url).len()..];
    let path = if path.is_empty() { "/" } else { path };
    let mut stream = TcpStream::connect(host(url)).with_context(|| url.to_owned())?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    // Of HTTP/1.0, so that no answer comes in chunks and the connection's end is its end.
    write!(stream, "{method} {path} HTTP/1.0\r\n{head}\r\n{body}")?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).with_context(|| url.to_owned())?;
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").with_context(|| format!("{url}: {text}"))?;
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).context("a status")?;
    let headers = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    });
    Ok(Answer {
        status: status.parse()?,
        url: url.into(),
        headers: headers.collect(),
        body: body.into(),
    })
}

fn origin(url: &str) -> &str {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let end = url[after_scheme..].find('/').map_or(url.len(), |at| after_scheme + at);
    &url[..end]
}

fn host(url: &str) -> &str {
    let origin = origin(url);
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

fn resolve(base: &str, target: &str) -> String {
    if target.contains("://") {
        return target.into();
    }
    format!("{}{target}", origin(base))
}

struct Form {
    action: String,
    hidden: Vec<(String, String)>,
}

impl Form {
    /// The page's first.
    fn of(html: &str) -> Option<Self> {
        let form = &html[html.find("<form")?..];
        let form = &form[..form.find("</form>").unwrap_or(form.len())];
        let action = attribute(&form[..form.find('>')?], "action")?;
        let inputs = form.split("<input").skip(1).filter_map(|rest| rest.split('>').next());
        let hidden = inputs.filter(|input| attribute(input, "type").as_deref() == Some("hidden"));
        let fields = hidden.filter_map(|input| {
            Some((attribute(input, "name")?, attribute(input, "value").unwrap_or_default()))
        });
        Some(Self { action, hidden: fields.collect() })
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let value = rest.split('"').next()?;
    let plain = value.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<");
    Some(plain.replace("&gt;", ">").replace("&amp;", "&"))
}

fn encode(fields: &[(String, String)]) -> String {
    let escape = |text: &str| {
        text.bytes().fold(String::new(), |mut all, byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                all.push(char::from(byte));
            } else {
                let _ = write!(all, "%{byte:02X}");
            }
            all
        })
    };
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_sent_back_with_what_it_hid() {
        let html = r#"<p><form method="post" action="/interaction/x?a=1&amp;b=2">
            <input type="hidden" name="csrf" value="a&amp;b"><input name="email" type="email">
            <input type="checkbox" name="keep" value="yes"></form><form action="/other">"#;
        let form = Form::of(html).unwrap();
        assert_eq!(form.action, "/interaction/x?a=1&b=2");
        assert_eq!(form.hidden, [("csrf".to_owned(), "a&b".to_owned())]);
        assert_eq!(encode(&form.hidden), "csrf=a%26b");
    }

    #[test]
    fn a_redirect_may_name_a_path_alone() {
        let base = "http://localhost:3000/auth/login?x=1";
        assert_eq!(resolve(base, "/next"), "http://localhost:3000/next");
        assert_eq!(resolve(base, "http://localhost:4000/auth"), "http://localhost:4000/auth");
        assert_eq!(origin("http://localhost:3000"), "http://localhost:3000");
    }

    #[test]
    fn a_cookie_is_replaced_and_forgotten_as_its_server_says() {
        let mut browser = Browser::default();
        browser.keep("storezero=1; Path=/");
        browser.keep("storezero=2; Path=/; HttpOnly");
        browser.keep("other=3");
        assert_eq!(browser.cookies("store"), "storezero=2");
        browser.keep("storezero=; Max-Age=0");
        assert_eq!(browser.cookies(""), "other=3");
    }
}
