//! Which media type an answer has, and whether a request's body is one that the server reads.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE};

/// The media types of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// `application/json`: a well-formed request is answered with 200, whatever becomes of it.
    Json,
    /// `application/graphql-response+json`: the status tells too.
    GraphQl,
}

impl Format {
    fn subtype(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::GraphQl => "graphql-response+json",
        }
    }

    /// The value of the `content-type` header.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphQl => "application/graphql-response+json; charset=utf-8",
        }
    }
}

/// The format that the `accept` header asks for; `None` when it accepts neither. Without one, or where anything will
/// do, `application/json`.
pub(super) fn accepted(headers: &HeaderMap) -> Option<Format> {
    let ranges: Vec<Range> = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter(|range| !range.trim().is_empty())
        .enumerate()
        .filter_map(|(place, text)| Range::read(text, place))
        .collect();
    if !headers.get_all(ACCEPT).iter().any(|value| !value.is_empty()) {
        return Some(Format::Json);
    }
    // The better quality wins; of equals, the one that is named over the one that a wildcard covers, then the first.
    [Format::Json, Format::GraphQl]
        .into_iter()
        .filter_map(|format| Some((best(&ranges, format)?, format)))
        .filter(|(range, _)| range.quality > 0)
        .min_by_key(|(range, _)| (u16::MAX - range.quality, u8::MAX - range.precision, range.place))
        .map(|(_, format)| format)
}

/// Of the ranges that cover a format, the most precise speaks for it.
fn best<'a>(ranges: &'a [Range<'a>], format: Format) -> Option<&'a Range<'a>> {
    ranges.iter().filter(|range| range.covers(format)).max_by_key(|range| (range.precision, range.quality))
}

/// One media range of an `accept` header.
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    /// In thousandths.
    quality: u16,
    /// 2 for a type in full, 1 for `application/*`, 0 for `*/*`.
    precision: u8,
    place: usize,
}

impl<'a> Range<'a> {
    fn read(text: &'a str, place: usize) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let mut quality = 1000;
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            match name.trim().to_ascii_lowercase().as_str() {
                "q" => quality = thousandths(value.trim())?,
                "charset" if !is_utf8(value) => return None,
                _ => {}
            }
        }
        let precision = match (kind, subtype) {
            ("*", _) => 0,
            (_, "*") => 1,
            _ => 2,
        };
        Some(Self { kind, subtype, quality, precision, place })
    }

    fn covers(&self, format: Format) -> bool {
        (self.kind == "*" || self.kind.eq_ignore_ascii_case("application"))
            && (self.subtype == "*" || self.subtype.eq_ignore_ascii_case(format.subtype()))
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000 after the clamp")]
fn thousandths(text: &str) -> Option<u16> {
    let quality: f64 = text.parse().ok().filter(|quality: &f64| quality.is_finite())?;
    Some((quality.clamp(0.0, 1.0) * 1000.0) as u16)
}

/// Does a client take what is compressed by gzip? None where it says nothing: then it takes anything.
pub(super) fn takes_gzip(headers: &HeaderMap) -> Option<bool> {
    headers.get(ACCEPT_ENCODING)?;
    let asked = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let asked: Vec<(&str, bool)> = asked.flat_map(|value| value.split(',')).map(encoding).collect();
    let said = |name: &str| asked.iter().find(|(asked, _)| asked.eq_ignore_ascii_case(name)).map(|(_, takes)| *takes);
    Some(said("gzip").or_else(|| said("*")).unwrap_or(false))
}

/// One encoding, and whether it is taken: its weight may be nothing.
fn encoding(text: &str) -> (&str, bool) {
    let (name, weight) = text.split_once(';').unwrap_or((text, ""));
    let weight = weight.split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case("q"));
    (name.trim(), weight.and_then(|(_, weight)| thousandths(weight.trim())).is_none_or(|weight| weight > 0))
}

fn is_utf8(charset: &str) -> bool {
    let charset = charset.trim().trim_matches('"');
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

/// Says what is wrong with the type of a request's body; only JSON in UTF-8 is read. What a page of another site can
/// send without asking first (forms, plain text) is never executed.
pub(super) fn check_body(headers: &HeaderMap) -> Result<(), &'static str> {
    let essential = "Send the request as JSON, with the header `content-type: application/json`.";
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).ok_or(essential)?;
    let mut parts = value.split(';').map(str::trim);
    if !parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json")) {
        return Err(essential);
    }
    let mut charsets =
        parts.filter_map(|part| part.split_once('=')).filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    if charsets.any(|(_, charset)| !is_utf8(charset)) {
        return Err("Send the request's JSON in UTF-8.");
    }
    let encoding = headers.get(CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err("Send the request's body without a content encoding.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn accept(value: &str) -> Option<Format> {
        accepted(&HeaderMap::from_iter([(ACCEPT, HeaderValue::from_str(value).unwrap())]))
    }

    #[test]
    fn gzip_is_taken_or_not() {
        let takes = |asked| takes_gzip(&HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(asked))]));
        for asked in ["gzip", "br, GZIP;q=0.5", "*", "deflate, *;q=0.1", "gzip, identity;q=0"] {
            assert_eq!(takes(asked), Some(true), "{asked}");
        }
        for asked in ["", "identity", "identity;q=0", "*;q=0", "gzip;q=0, *", "br, deflate", "gzip; q=0.0", "gzip;Q=0"]
        {
            assert_eq!(takes(asked), Some(false), "{asked}");
        }
        assert_eq!(takes_gzip(&HeaderMap::new()), None);
    }

    #[test]
    fn json_unless_asked_for_more() {
        assert_eq!(accepted(&HeaderMap::new()), Some(Format::Json));
        for any in
            ["*/*", "application/*", "", "text/html, */*;q=0.1", "application/json", "Application/JSON; charset=UTF-8"]
        {
            assert_eq!(accept(any), Some(Format::Json), "{any}");
        }
    }

    #[test]
    fn the_new_type_where_it_is_preferred() {
        for new in [
            "application/graphql-response+json",
            "application/graphql-response+json; charset=utf-8, application/json; charset=utf-8",
            "application/graphql-response+json, application/json;q=0.9",
            "application/json;q=0.5, application/graphql-response+json",
            "*/*, application/graphql-response+json",
            "application/json;q=0, */*",
        ] {
            assert_eq!(accept(new), Some(Format::GraphQl), "{new}");
        }
        assert_eq!(accept("application/json, application/graphql-response+json"), Some(Format::Json));
        assert_eq!(accept("application/graphql-response+json;q=0.8, application/json"), Some(Format::Json));
        assert_eq!(accept("application/json, multipart/mixed"), Some(Format::Json));
    }

    #[test]
    fn nothing_that_is_served() {
        for none in ["text/html", "application/xml, image/*", "*/*;q=0", "application/json; charset=utf-16", "nonsense"]
        {
            assert_eq!(accept(none), None, "{none}");
        }
    }

    #[test]
    fn bodies() {
        let body = |value: &str| {
            check_body(&HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_str(value).unwrap())])).is_ok()
        };
        assert!(body("application/json"));
        assert!(body("application/json;charset=utf-8"));
        assert!(body("Application/Json; charset=\"UTF-8\""));
        for other in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/graphql",
            "application/json; charset=iso-8859-1",
            "application/jsonp",
            "",
        ] {
            assert!(!body(other), "{other}");
        }
        assert!(check_body(&HeaderMap::new()).is_err());
    }
}
