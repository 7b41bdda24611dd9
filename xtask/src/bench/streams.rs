//! What an open event stream costs in memory.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Result, bail};

use super::figures::{Figures, Promise, Unit};
use super::load::get;
use super::rows::STREAMS;
use super::stand::{GUESTS, Stand, memory_of};

/// Each guest has a tab open.
pub fn measure(stand: &Stand, figures: &mut Figures) -> Result<()> {
    let before = memory_of(&stand.shop)?;
    let port = stand.surroundings.shop_port();
    let open: Vec<_> =
        stand.guests.iter().map(|guest| open_stream(port, guest)).collect::<Result<_>>()?;
    let after = memory_of(&stand.shop)?;
    drop(open);
    #[expect(clippy::cast_precision_loss, reason = "of a few megabytes")]
    let each = after.saturating_sub(before) as f64 / GUESTS as f64 / 1024.0;
    figures.add_value(STREAMS, each, Unit::Kibibytes, Promise::None);
    Ok(())
}

fn open_stream(port: u16, cookie: &str) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.write_all(get(port, "/api/session/events", cookie).as_bytes())?;
    let mut first = [0; 12];
    stream.read_exact(&mut first)?;
    if first != *b"HTTP/1.1 200" {
        bail!("an event stream answers {}", String::from_utf8_lossy(&first));
    }
    Ok(stream)
}
