//! `/graphql/ws`: from a request to a socket. Which pages may open one, and with which sub-protocol.

use std::sync::Arc;

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Request, State};
use axum::http::header::{CONNECTION, HOST, ORIGIN, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Http;
use super::answer::problem;
use super::caller::Sender;
use super::connection::Connection;
use super::envelope::ANY_ORIGIN;
use super::errors::{coded, mistake};
use super::metrics::Open;
use super::protocol::{self, Close};

/// What is read at once; the default of 128 KiB is what a thousand idle sockets would be made of.
const READ_BUFFER: usize = 1024;

/// Answers a request to open a socket.
pub(super) async fn upgrade(
    State(http): State<Arc<Http>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    request: Request,
) -> Response {
    let Ok(upgrade) = upgrade else {
        let message = format!("This address is for WebSockets of the sub-protocol `{}`.", protocol::NAME);
        let mut response = problem(StatusCode::UPGRADE_REQUIRED, &mistake(message));
        // RFC 9110 7.8 and RFC 6455 4.4: what is asked for, and in which version.
        let headers = response.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        return response;
    };
    if !has_key(request.headers()) {
        return problem(StatusCode::BAD_REQUEST, &mistake("`Sec-WebSocket-Key` must hold 16 bytes in base64."));
    }
    let settings = &http.app.settings;
    if !is_allowed(request.headers(), &settings.allowed_origins, settings.public_url.as_deref()) {
        return problem(
            StatusCode::FORBIDDEN,
            &coded("FORBIDDEN", "Pages of this origin may not open a WebSocket here."),
        );
    }
    let sender = Sender::new(request.headers(), request.extensions(), &settings.trusted_proxies);
    let largest = settings.limits.socket_message_bytes;
    let upgrade = upgrade
        .protocols([protocol::NAME])
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(largest)
        .max_frame_size(largest);
    let speaks = upgrade.selected_protocol().is_some();
    let open = Open::socket(&http);
    upgrade.on_upgrade(move |socket| async move {
        let connection = Connection::new(http, socket, sender);
        if speaks {
            connection.serve().await;
        } else {
            connection.close(&Close::WRONG_PROTOCOL).await;
        }
        drop(open);
    })
}

/// Browsers say which page opens a socket, and the same-origin policy does not hold for sockets: a page of another site
/// must be one that we know. Programs send no origin.
fn is_allowed(headers: &HeaderMap, known: &[String], public_url: Option<&str>) -> bool {
    let Some(origin) = headers.get(ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    if known.iter().any(|known| known == ANY_ORIGIN || known.eq_ignore_ascii_case(origin)) {
        return true;
    }
    let Some(page) = authority(origin) else { return false };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    host.is_some_and(|host| host.eq_ignore_ascii_case(&page)) || public_url.and_then(authority) == Some(page)
}

/// RFC 6455 4.2.1: sixteen bytes.
fn has_key(headers: &HeaderMap) -> bool {
    headers.get(SEC_WEBSOCKET_KEY).is_some_and(|key| STANDARD.decode(key).is_ok_and(|key| key.len() == 16))
}

/// `host:port` of an address.
fn authority(address: &str) -> Option<String> {
    address.parse::<Uri>().ok()?.authority().map(|authority| authority.as_str().to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(origin: Option<&str>, known: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("office.example:8000"));
        if let Some(origin) = origin {
            headers.insert(ORIGIN, HeaderValue::from_str(origin).unwrap());
        }
        is_allowed(&headers, &[known.to_owned()], Some("https://ridgeline.example/"))
    }

    #[test]
    fn pages_of_other_sites_may_not_open_sockets() {
        let app = "https://app.example";
        for known in ["http://office.example:8000", "https://app.example", "https://ridgeline.example"] {
            assert!(allowed(Some(known), app), "{known}");
        }
        assert!(allowed(None, app));
        for other in ["https://evil.example", "http://office.example:9000", "https://app.example.evil.example", "null"]
        {
            assert!(!allowed(Some(other), app), "{other}");
        }
        assert!(allowed(Some("https://evil.example"), "*"));
    }
}
