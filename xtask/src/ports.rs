//! Which ports the servers use, and whether they are to be had.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use anyhow::{Context, Result, bail};

/// The shop's `STOREZERO_LISTEN`, or its default.
pub fn shop_address() -> Result<SocketAddr> {
    match std::env::var("STOREZERO_LISTEN") {
        Ok(value) => value.parse().with_context(|| {
            format!(
                "STOREZERO_LISTEN is `{value}`; it must be address:port, for example 127.0.0.1:3000"
            )
        }),
        Err(_) => Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, 3000))),
    }
}

/// The identity provider's `IDP_PORT`, or its default.
pub fn idp_port() -> Result<u16> {
    Ok(port("IDP_PORT")?.unwrap_or(4000))
}

/// The social provider's `IDP_FRIENDBOOK_PORT`, or its default; none if the identity provider takes any for it, as it
/// does away from its own default port.
pub fn friendbook_port(idp_port: u16) -> Result<Option<u16>> {
    Ok(port("IDP_FRIENDBOOK_PORT")?.or((idp_port == 4000).then_some(4100)))
}

fn port(variable: &str) -> Result<Option<u16>> {
    let Ok(value) = std::env::var(variable) else {
        return Ok(None);
    };
    let port = value.parse();
    port.map(Some).with_context(|| {
        format!("{variable} is `{value}`; it must be a port number, for example 4000")
    })
}

/// Fails if another program listens on the port, saying which variable chooses another.
///
/// Looks at IPv6's loopback too: browsers may try that one first for `localhost`, and would reach the other program.
pub fn must_be_free(whose: &str, address: SocketAddr, variable: &str, example: &str) -> Result<()> {
    let port = address.port();
    for ip in [address.ip(), IpAddr::V6(Ipv6Addr::LOCALHOST)] {
        match TcpListener::bind((ip, port)) {
            Err(error) if error.kind() == ErrorKind::AddrInUse => bail!(
                "port {port}, {whose}, is in use by another program: end that one, or set {variable}, for example \
                 {variable}={example}"
            ),
            Err(error) if ip == address.ip() => {
                return Err(error)
                    .with_context(|| format!("cannot listen on {address} ({variable})"));
            }
            // No IPv6 on this machine.
            Err(_) | Ok(_) => {}
        }
    }
    Ok(())
}

/// A port nobody listens on now, for servers that tests start.
pub fn free() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_named_with_the_variable_that_changes_it() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let error = must_be_free("the shop's", address, "STOREZERO_LISTEN", "127.0.0.1:3010")
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(&format!("port {}, the shop's", address.port())),
            "{error}"
        );
        assert!(error.contains("STOREZERO_LISTEN=127.0.0.1:3010"), "{error}");
    }

    #[test]
    fn a_free_port_passes() {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free().unwrap()));
        must_be_free("the shop's", address, "STOREZERO_LISTEN", "127.0.0.1:3010").unwrap();
    }
}
