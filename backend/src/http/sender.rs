//! Who sends a request, as far as an address says it.

use crate::config::{Network, first_of};
use actix_web::{HttpRequest, http::header::HeaderValue};
use std::net::{IpAddr, SocketAddr};

/// Bits of an IPv6 address that say whose it is: a household or a server gets at least the other 64 (RFC 6177), and
/// can take another one of them for each request.
pub(super) const IPV6_NETWORK: u8 = 64;

/// The address that limits count by: an IPv4 address, or an IPv6 network. `None` where the connection has none.
pub fn sender(request: &HttpRequest, trusted: &[Network]) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    let headers = request.headers().get_all("X-Forwarded-For");
    let headers: Vec<&[u8]> = headers.map(HeaderValue::as_bytes).collect();
    let real = behind(peer, &headers, trusted);
    Some(if real.is_ipv6() { first_of(real, IPV6_NETWORK) } else { real })
}

/// Each proxy appends whom it got the request from. So the list is read from the right, and no further than there is
/// a proxy of ours to believe: what stands to the left of it, anybody may have written.
fn behind(peer: IpAddr, forwarded_for: &[&[u8]], trusted: &[Network]) -> IpAddr {
    let hops = forwarded_for.iter().flat_map(|header| header.split(|byte| *byte == b','));
    let mut sender = peer;
    for hop in hops.rev() {
        if !trusted.iter().any(|network| network.contains(sender)) {
            break;
        }
        // What a stranger wrote into the same line need not be text.
        let Some(address) = std::str::from_utf8(hop).ok().and_then(address) else {
            break;
        };
        sender = address;
    }
    sender
}

/// Some proxies add the port.
fn address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let with_port = || hop.parse().ok().map(|address: SocketAddr| address.ip());
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    bare.parse().ok().or_else(with_port).map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn sent(peer: &str, forwarded_for: &[&str]) -> String {
        let trusted = ["10.0.0.0/8", "::1"].map(|text| Network::parse(text).unwrap());
        let mut request =
            TestRequest::get().peer_addr(SocketAddr::new(peer.parse().unwrap(), 1234));
        for header in forwarded_for {
            request = request.append_header(("X-Forwarded-For", *header));
        }
        sender(&request.to_http_request(), &trusted).unwrap().to_string()
    }

    #[test]
    fn a_stranger_is_who_connects_whatever_it_says() {
        assert_eq!(sent("203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
        assert_eq!(sent("203.0.113.7", &[]), "203.0.113.7");
    }

    #[test]
    fn what_a_stranger_wrote_into_the_line_does_not_void_it() {
        let trusted = [Network::parse("10.0.0.0/8").unwrap()];
        let peer = SocketAddr::new("10.1.1.1".parse().unwrap(), 1234);
        let line = HeaderValue::from_bytes(b"\xff, 203.0.113.7").unwrap();
        let request = TestRequest::get().peer_addr(peer).insert_header(("X-Forwarded-For", line));
        let sender = sender(&request.to_http_request(), &trusted).unwrap();
        assert_eq!(sender.to_string(), "203.0.113.7");
    }

    #[test]
    fn a_trusted_proxy_says_who_asked_it_and_what_that_one_said_is_not_believed() {
        assert_eq!(sent("10.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(sent("10.0.0.1", &["198.51.100.1, 203.0.113.7"]), "203.0.113.7");
        assert_eq!(sent("10.0.0.1", &["198.51.100.1", "203.0.113.7"]), "203.0.113.7");
        assert_eq!(sent("10.0.0.1", &["198.51.100.1, 203.0.113.7, 10.0.0.2"]), "203.0.113.7");
        assert_eq!(sent("::1", &["203.0.113.7:41234"]), "203.0.113.7");
    }

    #[test]
    fn where_a_proxy_says_nothing_that_can_be_read_it_is_the_sender_itself() {
        for nothing in ["", "unknown", "_hidden", "203.0.113", ","] {
            assert_eq!(sent("10.0.0.1", &[nothing]), "10.0.0.1", "{nothing:?}");
        }
        assert_eq!(sent("10.0.0.1", &["203.0.113.7, unknown"]), "10.0.0.1");
        assert_eq!(sent("10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3", "all of them are ours");
    }

    #[test]
    fn an_ipv6_network_is_one_sender_and_a_mapped_address_is_ipv4() {
        assert_eq!(sent("2001:db8:1:2:3::4", &[]), "2001:db8:1:2::");
        assert_eq!(sent("2001:db8:1:2:ffff::9", &[]), "2001:db8:1:2::");
        assert_eq!(sent("10.0.0.1", &["[2001:db8:1:3::1]:443"]), "2001:db8:1:3::");
        assert_eq!(sent("10.0.0.1", &["[2001:db8:1:3::1]"]), "2001:db8:1:3::");
        assert_eq!(sent("::ffff:203.0.113.7", &[]), "203.0.113.7");
        assert_eq!(sent("::ffff:10.0.0.1", &["203.0.113.7"]), "203.0.113.7");
    }
}
