//! Characters beyond the first 65,536 as escapes in texts: `\u{1F600}`, or two surrogates as JSON writes them (GraphQL
//! specification, September 2025, 2.9.4). The library's parser knows `\u` with four digits alone, so they are written
//! out for it.

use std::borrow::Cow;
use std::fmt::Write;

/// The document with such escapes written out; everything else stands as it was sent.
pub(super) fn write_out(text: &str) -> Cow<'_, str> {
    let beyond = |escape: &str| {
        matches!(escape.as_bytes(), [b'{', ..] | [b'd' | b'D', b'8' | b'9' | b'a' | b'b' | b'A' | b'B', ..])
    };
    if !text.match_indices("\\u").any(|(at, found)| text.get(at + found.len()..).is_some_and(beyond)) {
        return Cow::Borrowed(text);
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(start) = rest.find(['"', '#']) {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        rest = if from.starts_with('#') {
            copy(from, from.find(['\n', '\r']), &mut out)
        } else if let Some(block) = from.strip_prefix("\"\"\"") {
            copy(from, end_of_block(block).map(|end| end + 3), &mut out)
        } else {
            string(from, &mut out)
        };
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Copies up to there, or everything; answers what is left.
fn copy<'t>(text: &'t str, end: Option<usize>, out: &mut String) -> &'t str {
    let (copied, rest) = text.split_at(end.unwrap_or(text.len()));
    out.push_str(copied);
    rest
}

/// Where a block ends, its quotes included.
fn end_of_block(block: &str) -> Option<usize> {
    let ends = block.match_indices("\"\"\"").map(|(at, quotes)| (at, at + quotes.len()));
    let mut ends = ends.filter(|(at, _)| !block.get(..*at).is_some_and(|before| before.ends_with('\\')));
    ends.next().map(|(_, end)| end)
}

/// Writes a string out; answers what comes after it.
fn string<'t>(text: &'t str, out: &mut String) -> &'t str {
    out.push('"');
    let mut rest = text.get(1..).unwrap_or_default();
    while let Some(at) = rest.find(['"', '\\', '\n']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        if !from.starts_with('\\') {
            return copy(from, Some(1), out);
        }
        rest = match escaped(from) {
            Some((character, length)) => {
                push(character, out);
                from.get(length..).unwrap_or_default()
            }
            None => copy(from, from.char_indices().nth(2).map(|(end, _)| end), out),
        };
    }
    copy(rest, None, out)
}

/// The character that such an escape stands for, and how long it is.
fn escaped(text: &str) -> Option<(char, usize)> {
    let escape = text.strip_prefix("\\u")?;
    if let Some(digits) = escape.strip_prefix('{') {
        let digits = digits.get(..digits.find('}')?)?;
        return Some((char::from_u32(hexadecimal(digits)?)?, "\\u{}".len() + digits.len()));
    }
    let high = hexadecimal(escape.get(..4)?).filter(|high| (0xD800..0xDC00).contains(high))?;
    let low = hexadecimal(escape.get(4..)?.strip_prefix("\\u")?.get(..4)?)?;
    let low = Some(low).filter(|low| (0xDC00..0xE000).contains(low))?;
    Some((char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))?, 12))
}

fn hexadecimal(digits: &str) -> Option<u32> {
    let right = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    right.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

/// A character as it may stand in a text.
fn push(character: char, out: &mut String) {
    if character.is_control() || matches!(character, '"' | '\\') {
        let _ = write!(out, "\\u{:04x}", u32::from(character));
    } else {
        out.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::write_out;

    #[test]
    fn escapes_beyond_the_first_plane_are_written_out() {
        for (sent, read) in [
            (r#"{ a(b: "\uD83D\uDE00") }"#, "{ a(b: \"😀\") }"),
            (r#"{ a(b: "x\u{1F600}y\u{22}\u{5c}\u{a}") }"#, "{ a(b: \"x😀y\\u0022\\u005c\\u000a\") }"),
            (r#"{ a(b: "\\\ud83d\ude00\"\u{e9}", c: "") }"#, "{ a(b: \"\\\\😀\\\"é\", c: \"\") }"),
        ] {
            assert_eq!(write_out(sent), read);
        }
    }

    #[test]
    fn whatever_else_stands_as_it_was_sent() {
        for sent in [
            r#"{ a(b: "\u00e9 \n") }"#,
            r#"{ a(b: "\uD83D") # \u{1F600} "
               c }"#,
            r#"{ a(b: """ \u{1F600} \""" \uD83D\uDE00 """) }"#,
            r#"{ a(b: "\u{}", c: "\u{110000}", d: "\uDE00\uD83D", e: "\u{zz}") }"#,
            r#"{ a(b: "\u{1F600"#,
            "{ a(b: \"\\u{41\\é",
        ] {
            assert_eq!(write_out(sent), sent);
        }
    }
}
