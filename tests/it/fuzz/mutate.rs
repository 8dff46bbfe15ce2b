//! Requests with something wrong in them: in their words, in their bytes, in their JSON.

use serde_json::{Map, Value, json};

use super::dice::Dice;

const STRAY: [&str; 34] = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "!",
    "$",
    "$x",
    "@",
    "@skip(if: true)",
    "@include",
    "...",
    "... on User",
    "=",
    "|",
    "&",
    "\"",
    "\"\"\"",
    "#",
    "\\",
    "null",
    "true",
    "-0",
    "1e999",
    "99999999999999999999",
    "__schema { types { name } }",
    "__typename",
    "fragment F on User { id }",
    "on",
    "subscription",
    "\u{feff}",
    "é",
];

/// A request's body, wrong somewhere, or right by chance.
pub fn request(dice: &mut Dice, query: &str, body: &Value) -> Vec<u8> {
    let mut body = body.clone();
    match dice.below(10) {
        0..=4 => body["query"] = json!(words(dice, query)),
        5..=6 => {
            let times = 1 + dice.below(3);
            (0..times).for_each(|_| somewhere(dice, &mut body, 0));
        }
        7 => {
            let mut bytes = body.to_string().into_bytes();
            noise(dice, &mut bytes);
            return bytes;
        }
        8 => {
            let mut bytes = query.as_bytes().to_vec();
            noise(dice, &mut bytes);
            body["query"] = json!(String::from_utf8_lossy(&bytes));
        }
        _ => return keys_twice(dice, &body),
    }
    body.to_string().into_bytes()
}

/// Words dropped, doubled, swapped, put in or taken from elsewhere in the document.
fn words(dice: &mut Dice, query: &str) -> String {
    let mut words = tokens(query);
    for _ in 0..=dice.below(3) {
        if words.is_empty() {
            break;
        }
        let (one, other) = (dice.below(words.len()), dice.below(words.len()));
        match dice.below(6) {
            0 => drop(words.remove(one)),
            1 => words.insert(one, words[one].clone()),
            2 => words.swap(one, other),
            3 => words.insert(one, (*dice.pick(&STRAY)).to_owned()),
            4 => {
                let word = words[other].clone();
                words[one] = word;
            }
            _ => {
                let end = (one + 1 + dice.below(12)).min(words.len());
                let part: Vec<_> = words[one..end].to_vec();
                let times = dice.below(8);
                (0..times).for_each(|_| drop(words.splice(one..one, part.clone())));
            }
        }
    }
    words.join(" ")
}

/// Names, numbers, strings and signs.
pub fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let mut token = String::from(letter);
        if letter.is_whitespace() || letter == ',' {
            continue;
        }
        if letter == '"' {
            while let Some(next) = letters.next() {
                token.push(next);
                match next {
                    '\\' => token.extend(letters.next()),
                    '"' => break,
                    _ => {}
                }
            }
        } else if letter.is_alphanumeric() || matches!(letter, '_' | '-' | '$' | '@') {
            while let Some(next) = letters.next_if(|next| next.is_alphanumeric() || matches!(next, '_' | '.')) {
                token.push(next);
            }
        } else if letter == '.' {
            while let Some(next) = letters.next_if_eq(&'.') {
                token.push(next);
            }
        }
        tokens.push(token);
    }
    tokens
}

fn noise(dice: &mut Dice, bytes: &mut Vec<u8>) {
    for _ in 0..=dice.below(4) {
        if bytes.is_empty() {
            return;
        }
        let place = dice.below(bytes.len());
        match dice.below(4) {
            0 => bytes[place] = dice.next().to_le_bytes()[0],
            1 => drop(bytes.remove(place)),
            2 => bytes.insert(place, dice.next().to_le_bytes()[0]),
            _ => bytes.truncate(place),
        }
    }
}

/// Another value at some place of the request.
fn somewhere(dice: &mut Dice, value: &mut Value, depth: usize) {
    let deeper = depth < 6 && dice.percent(75);
    match value {
        Value::Object(map) if deeper && !map.is_empty() => {
            let key = map.keys().nth(dice.below(map.len())).expect("a key").clone();
            match dice.below(8) {
                0 => drop(map.remove(&key)),
                1 => drop(map.insert(format!("{key}x"), json!(1))),
                _ => somewhere(dice, &mut map[&key], depth + 1),
            }
        }
        Value::Array(items) if deeper && !items.is_empty() => {
            let place = dice.below(items.len());
            somewhere(dice, &mut items[place], depth + 1);
        }
        value => *value = strange(dice, 0),
    }
}

fn strange(dice: &mut Dice, depth: usize) -> Value {
    match dice.below(12) {
        0 => Value::Null,
        1 => json!(dice.percent(50)),
        2 => json!(*dice.pick(&[0, -1, 1, i64::MAX, i64::MIN, 1 << 31, 1 << 53])),
        3 => json!(*dice.pick(&[1.5, 1e300, -0.0, 5e-324])),
        4 => json!(u64::MAX),
        5 => json!("x".repeat(dice.below(5_000))),
        6 => json!("\u{0}\u{202e}\u{10ffff}"),
        7 => json!({}),
        8 => json!([]),
        9 if depth < 60 => json!([strange(dice, depth + 20)]),
        10 if depth < 60 => json!({ "a": strange(dice, depth + 20) }),
        _ => (0..30).fold(json!(1), |inner, _| json!([inner])),
    }
}

/// An object whose key stands twice, as no library writes it.
fn keys_twice(dice: &mut Dice, body: &Value) -> Vec<u8> {
    let Value::Object(map) = body else { return body.to_string().into_bytes() };
    let pair = |(key, value): (&String, &Value)| format!("{}:{value}", json!(key));
    let mut pairs: Vec<_> = map.iter().map(pair).collect();
    let again = pairs[dice.below(pairs.len())].clone();
    pairs.push(again);
    format!("{{{}}}", pairs.join(",")).into_bytes()
}

/// Shorter versions of a request, the shortest first: fewer words in balance, fewer variables.
pub fn shorter(body: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    let tokens = tokens(body["query"].as_str().unwrap_or_default());
    let mut size = tokens.len() / 2;
    while size > 0 {
        for start in (0..tokens.len() - size).step_by(size.max(1)) {
            let kept: Vec<_> = tokens[..start].iter().chain(&tokens[start + size..]).cloned().collect();
            let mut smaller = body.clone();
            smaller["query"] = json!(kept.join(" "));
            found.push(smaller);
        }
        size /= 2;
    }
    let variables = body["variables"].as_object().cloned().unwrap_or_default();
    for name in variables.keys() {
        let rest: Map<_, _> = variables.clone().into_iter().filter(|(other, _)| other != name).collect();
        let mut smaller = body.clone();
        smaller["variables"] = Value::Object(rest);
        found.push(smaller);
    }
    found
}
