//! Which ports the servers use, and whether they are to be had.

use std::env;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::str::FromStr;

use anyhow::{Context, Result, bail};

/// The shop's `STOREZERO_LISTEN`, or its default.
pub fn shop_address() -> Result<SocketAddr> {
    setting("STOREZERO_LISTEN", "127.0.0.1:3000")
}

/// Where the shop without a backend is sent from: `STOREZERO_STATIC_LISTEN`, or its default.
pub fn no_backend_address() -> Result<SocketAddr> {
    setting("STOREZERO_STATIC_LISTEN", "127.0.0.1:3001")
}

/// The identity provider's `IDP_PORT`, or its default.
pub fn idp_port() -> Result<u16> {
    setting("IDP_PORT", "4000")
}

/// The social provider's `IDP_FRIENDBOOK_PORT`, or its default: 0, which is any, where the identity provider is not at
/// its own default port.
pub fn friendbook_port(idp_port: u16) -> Result<u16> {
    let default = if idp_port == 4000 { "4100" } else { "0" };
    setting("IDP_FRIENDBOOK_PORT", default)
}

fn setting<T: FromStr>(variable: &str, default: &str) -> Result<T> {
    let value = env::var(variable).unwrap_or_else(|_| default.into());
    let parsed = value.parse().ok();
    parsed.with_context(|| format!("{variable} is `{value}`; it must be like {default}"))
}

/// Fails if another program listens on the port, with the setting that would choose another.
///
/// Looks at IPv6's loopback too: browsers may try that one first for `localhost`, and would reach the other program.
pub fn must_be_free(whose: &str, address: SocketAddr, another: &str) -> Result<()> {
    let port = address.port();
    for ip in [address.ip(), IpAddr::V6(Ipv6Addr::LOCALHOST)] {
        match TcpListener::bind((ip, port)) {
            Err(error) if error.kind() == ErrorKind::AddrInUse => bail!(
                "port {port}, {whose}, is in use by another program: end that one, or take another, for example with \
                 {another}"
            ),
            Err(error) if ip == address.ip() => {
                return Err(error).with_context(|| {
                    format!("cannot listen on {address}, {whose}; {another} takes another")
                });
            }
            // No IPv6 on this machine.
            Err(_) | Ok(_) => {}
        }
    }
    Ok(())
}

/// A port nobody listens on now, for a server that tests start.
pub fn free() -> Result<u16> {
    let [port] = several_free()?;
    Ok(port)
}

/// The same for servers that start together. Each port is held until the last is found, so that no two are the same.
pub fn several_free<const N: usize>() -> Result<[u16; N]> {
    let mut ports = [0; N];
    let mut held = Vec::new();
    for port in &mut ports {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        *port = listener.local_addr()?.port();
        held.push(listener);
    }
    Ok(ports)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_named_with_the_variable_that_changes_it() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let error = must_be_free("the shop's", address, "STOREZERO_LISTEN=127.0.0.1:3010")
            .unwrap_err()
            .to_string();
        assert!(error.contains(&format!("port {}, the shop's", address.port())), "{error}");
        assert!(error.contains("STOREZERO_LISTEN=127.0.0.1:3010"), "{error}");
    }

    #[test]
    fn a_free_port_passes() {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free().unwrap()));
        must_be_free("the shop's", address, "STOREZERO_LISTEN=127.0.0.1:3010").unwrap();
    }
}
