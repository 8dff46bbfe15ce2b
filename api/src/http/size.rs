//! How large a document is, told before it is parsed: characters, tokens and nesting.
//!
//! The parser recurses into every bracket, so a document of nothing but brackets could exhaust the stack. One pass over
//! the bytes, which knows only what a token is, refuses such documents at the price of reading them.

use async_graphql::ServerError;

use super::errors::{limit, mistake};
use crate::config::Limits;

/// Brackets of any kind within one another. Documents that people write stay far below.
const NESTING: usize = 64;
/// Letters in one name. Comparing names is the dearest part of explaining a mistake in a document.
const NAME: usize = 128;

/// What one pass over a document finds.
#[derive(Debug, Default, PartialEq, Eq)]
struct Size {
    tokens: usize,
    nesting: usize,
    longest_name: usize,
}

/// Refuses a document that is too large to be parsed.
pub(super) fn check(text: &str, limits: &Limits) -> Result<(), ServerError> {
    let characters = text.chars().count();
    if characters > limits.characters {
        return Err(limit("characters", characters, limits.characters));
    }
    let size = measure(text).ok_or_else(|| mistake("A block string in this document is never closed."))?;
    if size.tokens > limits.tokens {
        return Err(limit("tokens", size.tokens, limits.tokens));
    }
    if size.nesting > NESTING {
        return Err(limit("brackets within one another", size.nesting, NESTING));
    }
    if size.longest_name > NAME {
        return Err(limit("letters in one name", size.longest_name, NAME));
    }
    Ok(())
}

/// None for a block string that never ends. The parser would read it as something else, and brackets in it would count.
fn measure(text: &str) -> Option<Size> {
    let mut scan = Scan { rest: text.as_bytes() };
    let (mut size, mut depth) = (Size::default(), 0_usize);
    while let Some(byte) = scan.next() {
        match byte {
            b'{' | b'[' | b'(' => {
                depth += 1;
                size.nesting = size.nesting.max(depth);
            }
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            b'#' => {
                scan.skip_while(|byte| !matches!(byte, b'\n' | b'\r'));
                continue;
            }
            b'"' => scan.string()?,
            b' ' | b'\t' | b'\n' | b'\r' | b',' | 0x80.. => continue,
            b'.' => drop(scan.skip_while(|byte| byte == b'.')),
            _ if is_word(byte) => {
                let length = 1 + scan.skip_while(is_word);
                size.longest_name = size.longest_name.max(length);
            }
            _ => {}
        }
        size.tokens += 1;
    }
    Some(size)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

struct Scan<'a> {
    rest: &'a [u8],
}

impl Scan<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// Steps over bytes, and says over how many.
    fn skip_while(&mut self, wanted: impl Fn(u8) -> bool) -> usize {
        let length = self.rest.iter().take_while(|byte| wanted(**byte)).count();
        self.rest = self.rest.get(length..).unwrap_or_default();
        length
    }

    fn skip_text(&mut self, text: &[u8]) -> bool {
        let found = self.rest.strip_prefix(text);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    /// Steps over the rest of a string whose first quote was read. One that ends at the line's end is for the parser
    /// to refuse, which reads no further than here.
    fn string(&mut self) -> Option<()> {
        if self.skip_text(b"\"\"") {
            return self.block_string();
        }
        while let Some(byte) = self.next() {
            match byte {
                b'\\' => drop(self.next()),
                b'"' | b'\n' | b'\r' => break,
                _ => {}
            }
        }
        Some(())
    }

    fn block_string(&mut self) -> Option<()> {
        loop {
            if self.skip_text(b"\"\"\"") {
                return Some(());
            }
            if !self.skip_text(b"\\\"\"\"") {
                self.next()?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::limits::tests::usual;

    fn size(text: &str) -> (usize, usize) {
        let size = measure(text).unwrap();
        (size.tokens, size.nesting)
    }

    #[test]
    fn counts_tokens_and_nesting() {
        assert_eq!(size(""), (0, 0));
        assert_eq!(size("{ viewer { id } }"), (6, 2));
        assert_eq!(size("query Q($n: Int = -1) { a(n: $n) @skip(if: true) ...F }"), (29, 2));
        assert_eq!(size("# { { {\n{ a }"), (3, 1));
    }

    #[test]
    fn brackets_in_strings_do_not_nest() {
        assert_eq!(size(r#"{ a(b: "{ [ \" ( ") }"#), (8, 2));
        assert_eq!(size(r#"{ a(b: """{ \""" [ " """) }"#), (8, 2));
        assert_eq!(size(r#"{ a(b: "") }"#), (8, 2));
        assert_eq!(size("{ a(b: \"é😀\") é }"), (8, 2));
    }

    #[test]
    fn an_endless_block_string_is_refused() {
        assert_eq!(measure("{ a(b: \"\"\" {{{{ "), None);
        assert_eq!(measure("{ a(b: \"\"\" \\\"\"\" "), None);
    }

    #[test]
    fn deep_documents_are_refused_before_the_parser_sees_them() {
        let limits = Limits { characters: usize::MAX, tokens: usize::MAX, ..usual() };
        for bracket in ["{a", "[", "(", "{a(b:{c:"] {
            let error = check(&bracket.repeat(100_000), &limits).unwrap_err();
            assert!(error.message.contains("brackets within one another"), "{}", error.message);
        }
    }

    #[test]
    fn each_limit_says_what_it_found() {
        let limits = Limits { characters: 10, tokens: 3, ..usual() };
        let message = |text: &str| check(text, &limits).unwrap_err().message;
        assert!(message("{ viewer { id } }").contains("17 characters"));
        assert!(message("{ a { b } }").contains("11 characters"));
        assert!(message("{a{b}}").contains("6 tokens"));
        let wide = Limits { characters: usize::MAX, ..usual() };
        assert!(check(&format!("{{ {} }}", "a".repeat(500)), &wide).unwrap_err().message.contains("500 letters"));
    }
}
