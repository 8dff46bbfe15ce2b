//! Who sent a request: the bearer token, the address behind the proxies we trust, the program.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::ConnectInfo;
use axum::http::header::{AUTHORIZATION, USER_AGENT};
use axum::http::{Extensions, HeaderMap};

use super::envelope::RequestId;
use crate::data::scope::RequestInfo;
use crate::network::Network;

/// As much of a program's name as is worth keeping.
const AGENT: usize = 300;

/// What a socket or a request remembers of its sender.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    pub(super) id: Arc<str>,
    ip: Option<IpAddr>,
    agent: Option<Arc<str>>,
}

impl Sender {
    pub(super) fn new(headers: &HeaderMap, extensions: &Extensions, trusted: &[Network]) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
        Self {
            id: extensions.get::<RequestId>().cloned().unwrap_or_default().0,
            ip: peer.map(|peer| client(peer, headers, trusted)),
            agent: agent.map(|agent| agent.chars().take(AGENT).collect::<String>().into()),
        }
    }

    pub(super) fn ip(&self) -> Option<IpAddr> {
        self.ip
    }

    /// What resolvers may know of the request.
    pub(super) fn info(&self) -> RequestInfo {
        RequestInfo { id: self.id.clone(), ip: self.ip, user_agent: self.agent.as_deref().map(str::to_owned) }
    }

    /// The same of the n-th operation of a socket.
    pub(super) fn operation(&self, n: u64) -> Self {
        Self { id: format!("{}-{n}", self.id).into(), ..self.clone() }
    }
}

/// The token of an `authorization` header.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    token(headers.get(AUTHORIZATION)?.to_str().ok()?)
}

/// The token of `Bearer <token>`.
pub(super) fn token(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// The client's address: what the nearest proxy that is not ours says it is. Anybody can send the header, so it is read
/// from the right, and only as far as trusted proxies wrote it.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |ip: IpAddr| trusted.iter().any(|proxies| proxies.holds(ip));
    let mut client = peer.to_canonical();
    let values: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    let mut forwarded = values.iter().rev().flat_map(|value| value.rsplit(','));
    while is_trusted(client) {
        let Some(before) = forwarded.next().and_then(|text| address(text.trim())) else { break };
        client = before.to_canonical();
    }
    client
}

/// An address as proxies write it, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn tokens() {
        assert_eq!(token("Bearer abc.def"), Some("abc.def"));
        assert_eq!(token("bearer  abc "), Some("abc"));
        for none in ["", "Bearer", "Bearer ", "Basic abc", "abc"] {
            assert_eq!(token(none), None, "{none}");
        }
    }

    #[test]
    fn forwarded_addresses_are_believed_of_trusted_proxies_only() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let trusted: [Network; 2] = ["10.0.0.0/30".parse().unwrap(), "2001:db8:1::/48".parse().unwrap()];
        let seen = |peer: &str, forwarded: &[&str]| {
            let name = axum::http::HeaderName::from_static("x-forwarded-for");
            let mut headers = HeaderMap::new();
            for value in forwarded {
                headers.append(name.clone(), HeaderValue::from_str(value).unwrap());
            }
            client(ip(peer), &headers, &trusted)
        };
        assert_eq!(seen("203.0.113.9", &["1.2.3.4"]), ip("203.0.113.9"));
        assert_eq!(seen("10.0.0.1", &["1.2.3.4"]), ip("1.2.3.4"));
        assert_eq!(seen("::ffff:10.0.0.1", &["6.6.6.6, 1.2.3.4, 10.0.0.2"]), ip("1.2.3.4"));
        assert_eq!(seen("10.0.0.1", &["6.6.6.6", "1.2.3.4:5678"]), ip("1.2.3.4"));
        assert_eq!(seen("2001:db8:1::7", &["1.2.3.4, 10.0.0.4"]), ip("10.0.0.4"));
        assert_eq!(seen("10.0.0.1", &["nonsense"]), ip("10.0.0.1"));
        assert_eq!(seen("10.0.0.1", &[]), ip("10.0.0.1"));
        assert_eq!(seen("10.0.0.1", &["[2001:db8::1]:443"]), ip("2001:db8::1"));
    }
}
