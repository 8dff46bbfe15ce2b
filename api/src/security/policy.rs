//! What may be a password, after NIST SP 800-63B (revision 4, section 3.1.1.2): long enough, not one that is tried
//! first, and nothing else. No mixture of characters is asked for, and no password grows too old.
//!
//! Characters are code points, counted in the form in which passwords are hashed (NFC); every one counts and none is
//! cut off. What is tried first, the crate `zxcvbn` knows: it holds the 30,000 most common passwords of Mark Burnett's
//! ten million (and so the 3,000 most common of them, nearly all shorter than what is allowed), common words and names,
//! the runs of keyboards and alphabets, and it sees through capitals, look-alike digits, padding and repetition.

use entity::user;
use unicode_normalization::UnicodeNormalization;

use crate::fold::fold;

const SHORTEST: usize = 12;
const LONGEST: usize = 128;
/// Passwords found in so many guesses are what every list of them begins with.
const GUESSES: u64 = 1_000_000;
/// Beside one's own words so many characters more must be there, or the password is made of them.
const BESIDES: usize = 8;
/// Shorter words are in too many others.
const WORD: usize = 3;

const COMMON: &str = "This password is among those that are tried first: a common one, a run of keys, or something \
                      repeated. A few words that do not belong together make a good one.";
const OWN: &str = "This password is made of your own name, e-mail address or phone number, which are tried first. \
                   Choose something that has nothing to do with you.";
const COMPANYS: &str = "This password is made of the company's name, which is tried first. Choose something that has \
                        nothing to do with the company.";

/// What a password must not be made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    person: Vec<String>,
    company: Vec<String>,
}

impl Known {
    /// What is known of the company, and of a person by these texts.
    pub(crate) fn new(company: &str, person: &[&str]) -> Self {
        Self { person: words(person), company: words(&[company, "ridgeline"]) }
    }

    pub(crate) fn of(company: &str, person: &user::Model) -> Self {
        let phone = person.phone.as_deref().unwrap_or_default();
        // Without the country code, which few would write.
        let national: String = phone.chars().filter(char::is_ascii_digit).rev().take(10).collect();
        let national: String = national.chars().rev().collect();
        Self::new(company, &[&person.first_name, &person.last_name, &person.email, phone, &national])
    }
}

/// Everything that is wrong with a password, each as a sentence.
pub(crate) fn faults(password: &str, known: &Known) -> Vec<String> {
    let password: String = password.nfc().collect();
    let length = password.chars().count();
    let mut faults = Vec::new();
    if length < SHORTEST {
        faults.push(format!("A password needs at least {SHORTEST} characters; this one has {length}."));
    }
    if length > LONGEST {
        faults.push(format!("A password has at most {LONGEST} characters; this one has {length}."));
        return faults;
    }
    if is_made_of(&password, &known.person) {
        faults.push(OWN.to_owned());
    }
    if is_made_of(&password, &known.company) {
        faults.push(COMPANYS.to_owned());
    }
    let tried: Vec<&str> = known.person.iter().chain(&known.company).map(String::as_str).collect();
    if faults.is_empty() && zxcvbn::zxcvbn(&password, &tried).guesses() < GUESSES {
        faults.push(COMMON.to_owned());
    }
    faults
}

/// The texts as one word each, and the words that they are made of, the longest first.
fn words(texts: &[&str]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for text in texts {
        let text = fold(text);
        words.push(letters(&text));
        words.extend(text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned));
    }
    // "com", "net" and their like say nothing of anybody.
    words.retain(|word| word.chars().count() >= WORD && !["com", "net", "org", "www"].contains(&word.as_str()));
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.dedup();
    words
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// One of the words is in it, also behind look-alike digits, and without them too little is left.
fn is_made_of(password: &str, words: &[String]) -> bool {
    let folded = fold(password);
    let rest = |of: &str, by: fn(&str) -> String| {
        let of = by(of);
        let without = words.iter().map(|word| by(word)).fold(of.clone(), |rest, word| rest.replace(&word, "\0"));
        (without != of).then(|| without.chars().filter(|c| *c != '\0').count())
    };
    let plain = rest(&folded, letters);
    let seen_through = rest(&folded, |text| letters(&text.chars().map(look_alike).collect::<String>()));
    plain.into_iter().chain(seen_through).any(|left| left < BESIDES)
}

fn look_alike(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(password: &str) -> Vec<String> {
        let person = ["John", "O'Shaughnessy", "john.shaughnessy@example.com", "+13035550123", "3035550123"];
        faults(password, &Known::new("Summit & Sons", &person))
    }

    #[test]
    fn good_ones() {
        for good in [
            "twelve chars",
            "correct horse battery staple",
            "  spaces  count too ",
            "пароль из четырёх слов",
            "我的密码很长也很安全真的",
            "a-good-long-password",
            "johnny cash sings of rings",
            "the summit is a long climb",
            "kV9#tq!rWm2z",
        ] {
            assert_eq!(judged(good), Vec::<String>::new(), "{good}");
        }
        let long: String = (0..128_u32).filter_map(|n| char::from_digit((n * n * 7 + n / 3) % 36, 36)).collect();
        assert_eq!((long.chars().count(), judged(&long).len()), (128, 0));
        assert!(judged(&format!("{long}x"))[0].contains("at most 128"));
    }

    #[test]
    fn characters_are_counted_as_they_are_hashed() {
        // Eleven letters, of which each takes two code points as some machines write them.
        let decomposed = "e\u{301}a\u{300}o\u{302}u\u{308}i\u{301}e\u{300}a\u{301}o\u{300}u\u{301}i\u{308}n\u{303}";
        assert_eq!(decomposed.chars().count(), 22);
        assert!(judged(decomposed)[0].contains("this one has 11"));
        assert!(judged("")[0].contains("this one has 0"));
        assert!(judged("eleven char")[0].contains("this one has 11"));
    }

    #[test]
    fn those_that_are_tried_first() {
        for common in [
            "password1234",
            "Password1234",
            "P@ssw0rd1234",
            "passwordpassword",
            "123456789012",
            "qwertyuiop[]",
            "qwertyuiop123",
            "1qaz2wsx3edc",
            "abcdefghijkl",
            "aaaaaaaaaaaa",
            "            ",
            "éééééééééééé",
            "abcabcabcabc",
            "dragon123456",
            "unbelievable",
            "drowssapdrowssap",
            "letmeinletmein",
            "12/24/198512/24/1985",
        ] {
            assert_eq!(judged(common), [COMMON], "{common}");
        }
        assert_eq!(judged(&"x".repeat(128)), [COMMON]);
    }

    #[test]
    fn ones_own_words() {
        for own in [
            "johnjohnjohn",
            "John.Shaughnessy",
            "J0HN-shaughne$$y",
            "oshaughnessy1985",
            "john.shaughnessy@example.com",
            "3035550123!!",
            "+1 (303) 555-0123",
            "example-john-1",
        ] {
            assert_eq!(judged(own), [OWN], "{own}");
        }
        for companys in ["ridgelineridgeline", "Ridgeline-2026!", "summit and sons", "SummitSummit", "r1dgel1ne-now"] {
            assert_eq!(judged(companys), [COMPANYS], "{companys}");
        }
        assert_eq!(judged("john summit").len(), 3, "too short, and both: all is told at once");
        assert_eq!(faults("johnjohnjohn", &Known::default()), [COMMON], "a common name of somebody else's");
    }

    #[test]
    fn the_longest_take_no_time() {
        let began = std::time::Instant::now();
        for hard in ["aA1@".repeat(32), "password1".repeat(14), "e3@a4".repeat(25), "12/3".repeat(32)] {
            faults(&hard, &Known::new("Summit & Sons", &["Al", "Lo", "a@b.co"]));
        }
        assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    }
}
