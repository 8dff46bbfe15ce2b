//! The form in which text is sorted and searched: the same on both databases, because it is made here.

use unicode_normalization::UnicodeNormalization;

/// NFKC, lower case, runs of white space as one space; without U+0000, which no database keeps.
#[must_use]
pub fn fold(text: &str) -> String {
    let lower = text.nfkc().filter(|c| *c != '\0').flat_map(char::to_lowercase).collect::<String>();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A pattern for `LIKE … ESCAPE '\'` that finds the folded text anywhere.
#[must_use]
pub fn anywhere(text: &str) -> sea_orm::sea_query::LikeExpr {
    let mut pattern = String::from("%");
    for c in fold(text).chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    sea_orm::sea_query::LikeExpr::new(pattern).escape('\\')
}
