//! What people enter, checked all at once and brought into the form in which it is kept.
//!
//! A [`Check`] goes over an input field by field and gathers every fault; [`Check::done`] answers them together.

use async_graphql::MaybeUndefined;
use entity::scalar::{Fixed, Instant};
use phonenumber::{Mode, country};

use crate::error::{Error, Fault, Result};

/// The faults found so far.
#[derive(Default)]
pub struct Check(Vec<Fault>);

impl Check {
    pub fn fault(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(Fault::new(format!("input.{field}"), message));
    }

    pub fn ensure(&mut self, holds: bool, field: &str, message: &str) {
        if !holds {
            self.fault(field, message);
        }
    }

    /// # Errors
    /// BAD_USER_INPUT with every fault found.
    pub fn done(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::BadUserInput(self.0)) }
    }

    /// A text that must say something: trimmed, of so many characters at the most.
    pub fn text(&mut self, field: &str, text: &str, most: usize) -> String {
        let text = text.trim();
        self.ensure(!text.is_empty(), field, "This must not be empty.");
        self.length(field, text, most);
        text.to_owned()
    }

    /// A text that may be left out: blank is none.
    pub fn optional(&mut self, field: &str, text: Option<&str>, most: usize) -> Option<String> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        self.length(field, text, most);
        Some(text.to_owned())
    }

    fn length(&mut self, field: &str, text: &str, most: usize) {
        let length = text.chars().count();
        if length > most {
            self.fault(field, format!("At most {most} characters fit here; these are {length}."));
        }
        // PostgreSQL keeps no such character; refused alike on both databases.
        self.ensure(!text.contains('\0'), field, "The character U+0000 cannot be kept.");
    }

    /// An e-mail address, trimmed and in lower case.
    pub fn email(&mut self, field: &str, text: &str) -> String {
        let address = self.text(field, text, 255).to_lowercase();
        if !address.is_empty() {
            self.ensure(is_email(&address), field, "Write an e-mail address like name@example.com.");
        }
        address
    }

    pub fn optional_email(&mut self, field: &str, text: Option<&str>) -> Option<String> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        Some(self.email(field, text))
    }

    /// A phone number, kept in E.164; without a country code it is read the company's way.
    pub fn phone(&mut self, field: &str, text: &str, region: country::Id) -> String {
        let text = self.text(field, text, 40);
        if text.is_empty() {
            return text;
        }
        if let Some(number) = phonenumber::parse(Some(region), &text).ok().filter(phonenumber::is_valid) {
            return number.format().mode(Mode::E164).to_string();
        }
        self.fault(field, "This is not a valid phone number. Write it like +1 303 555 0123.");
        text
    }

    pub fn optional_phone(&mut self, field: &str, text: Option<&str>, region: country::Id) -> Option<String> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        Some(self.phone(field, text, region))
    }

    /// An amount of money is more than nothing; unknown is null.
    pub fn amount<const P: u32>(&mut self, field: &str, amount: Option<Fixed<P>>) {
        let message = "This must be more than zero; leave it out when it is not known.";
        self.ensure(amount.is_none_or(Fixed::is_positive), field, message);
    }

    pub fn period(&mut self, field: &str, start: Instant, end: Instant) {
        self.ensure(end > start, field, "The end must come after the start.");
    }

    /// A change to a required column: absent leaves it, null is a fault.
    pub fn required<T>(&mut self, field: &str, change: MaybeUndefined<T>, set: impl FnOnce(&mut Self, T)) {
        match change {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => self.fault(field, "This cannot be cleared."),
            MaybeUndefined::Value(value) => set(self, value),
        }
    }

    /// A change to an optional column: absent leaves it, null clears it.
    pub fn nullable<T>(&mut self, change: MaybeUndefined<T>, set: impl FnOnce(&mut Self, Option<T>)) {
        match change {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => set(self, None),
            MaybeUndefined::Value(value) => set(self, Some(value)),
        }
    }
}

/// A text to search for.
const SEARCH: usize = 200;

/// # Errors
/// BAD_USER_INPUT for a text that is too long to be searched for, or that is nowhere.
pub fn search(argument: &str, text: Option<&str>) -> Result<()> {
    let text = text.unwrap_or_default();
    if text.chars().count() > SEARCH {
        return Err(Error::input(argument, format!("Search for {SEARCH} characters at the most.")));
    }
    if text.contains('\0') {
        return Err(Error::input(argument, "The character U+0000 is in no text here."));
    }
    Ok(())
}

/// Is the row still as the client saw it?
///
/// # Errors
/// CONFLICT with the row's id and its present `updatedAt`.
pub fn unchanged(expected: Option<Instant>, id: &entity::scalar::Id, updated_at: Instant) -> Result<()> {
    match expected {
        Some(expected) if expected != updated_at => Err(Error::Conflict {
            message: "Somebody has changed this meanwhile. Read it again and repeat your change.".into(),
            fields: Vec::new(),
            current: Some((id.clone(), updated_at)),
        }),
        _ => Ok(()),
    }
}

/// The rule of the HTML standard for `input type=email`
/// (<https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address>), with a domain of two labels at least.
fn is_email(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    let atom = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    !local.is_empty() && local.chars().all(atom) && domain.contains('.') && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_after_the_html_standard() {
        for good in ["a@b.co", "o'neil+roof@mail.example.com", "x_y-z@a-b.org"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["", "a", "@b.co", "a@", "a@b", "a b@c.de", "a@-b.co", "a@b..co", "ä@b.co", "a@b@c.de "] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn phone_numbers_are_kept_in_one_form() {
        let mut check = Check::default();
        assert_eq!(check.phone("phone", "(303) 555-0123", country::Id::US), "+13035550123");
        assert_eq!(check.phone("phone", " +49 30 901820 ", country::Id::US), "+4930901820");
        assert!(check.done().is_ok());
        let mut check = Check::default();
        check.phone("phone", "12", country::Id::US);
        assert!(check.done().is_err());
    }
}
