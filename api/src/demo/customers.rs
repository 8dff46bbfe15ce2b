//! The sample company's customers: mostly couples with one house, some with a second project, one with many buildings,
//! and the one who signs in as client@ridgeline.test.

use chrono::Duration;
use entity::enums::ContactType;
use entity::scalar::{Id, Instant};
use entity::{contact, customer};
use sea_orm::ActiveValue::Set;
use unicode_normalization::UnicodeNormalization;

use super::dice::{Dice, Kind};
use super::names::{AREA_CODES, FIRST, LAST, STREETS, TOWNS};
use super::texts::{CONTACT_ROLES, NOTES};
use crate::customers::list::folded;
use crate::data::ids::new_id;

const CLIENT: u32 = 0;
const LANDLORD: u32 = 1;
/// The projects of the customer who signs in.
const CLIENTS_OWN: [u32; 4] = [0, 7, 13, 19];

/// Whose a project is, by its number from 0.
pub(super) fn owner(project: u32) -> u32 {
    if CLIENTS_OWN.contains(&project) {
        CLIENT
    } else if project % 11 == 5 {
        LANDLORD
    } else {
        // Every fourth project is the second one of a customer.
        2 + project / 4 * 3 + (project % 4).min(2)
    }
}

/// All customers that so many projects need.
pub(super) fn all(projects: u32, now: Instant) -> Vec<customer::Model> {
    let last = (0..projects).map(owner).max().unwrap_or(CLIENT);
    (0..=last).map(|number| customer(number, now)).collect()
}

/// An address somewhere around Denver.
pub(super) fn address(dice: &mut Dice) -> String {
    let (town, code) = dice.pick(&TOWNS);
    format!("{} {}, {town}, CO {code}", dice.between(100, 9_899), dice.pick(&STREETS))
}

fn customer(number: u32, now: Instant) -> customer::Model {
    let dice = &mut Dice::of(Kind::Customer, number);
    // Longer than any project takes.
    let since = now + -Duration::minutes(dice.between(210 * 1_440, 700 * 1_440));
    let address = address(dice);
    let (first, last) = name(number);
    let (primary_name, primary_email) = match number {
        CLIENT => ("Hannah Lindqvist".to_owned(), "client@ridgeline.test".to_owned()),
        LANDLORD => ("Highline Property Group".to_owned(), "office@highline.example.com".to_owned()),
        _ => (format!("{first} {last}"), email(first, last, number)),
    };
    let partner = (number != LANDLORD && dice.one_in(2)).then(|| *dice.pick(&FIRST));
    let (name_folded, search_folded) = folded(&primary_name, &address);
    let last = if number == CLIENT { "Lindqvist" } else { last };
    customer::Model {
        id: new_id(),
        created_at: since,
        updated_at: since,
        primary_name,
        primary_email,
        primary_phone: phone(dice),
        secondary_name: partner.map(|first| format!("{first} {last}")),
        secondary_email: partner.map(|first| format!("{}.{}.home@example.com", plain(first), plain(last))),
        secondary_phone: partner.map(|_| phone(dice)),
        primary_contact: if partner.is_some() && dice.one_in(4) {
            ContactType::Secondary
        } else {
            ContactType::Primary
        },
        address,
        notes: dice.one_in(3).then(|| (*dice.pick(&NOTES)).to_owned()),
        name_folded,
        search_folded,
    }
}

/// Further people to talk to, at every second customer or so.
pub(super) fn contacts(number: u32, customer: &customer::Model) -> Vec<contact::ActiveModel> {
    let dice = &mut Dice::of(Kind::Customer, u32::MAX - number);
    (0..dice.below(3)).map(|place| contact(place == 0, &customer.id, customer.created_at, dice)).collect()
}

fn contact(is_primary: bool, customer: &Id, since: Instant, dice: &mut Dice) -> contact::ActiveModel {
    let (first, last) = (*dice.pick(&FIRST), *dice.pick(&LAST));
    contact::ActiveModel {
        created_at: Set(since),
        updated_at: Set(since),
        name: Set(format!("{first} {last}")),
        phone: Set(Some(phone(dice))),
        email: Set(dice.one_in(2).then(|| format!("{}.{}@example.org", plain(first), plain(last)))),
        role: Set(Some((*dice.pick(&CONTACT_ROLES)).to_owned())),
        is_primary: Set(is_primary),
        is_active: Set(true),
        notes: Set(None),
        customer_id: Set(customer.clone()),
        ..Default::default()
    }
}

/// No two of the first few thousand are alike: stepping on by 1 + 7 × 60 goes through all last names.
#[expect(clippy::indexing_slicing, reason = "both places are remainders of the lengths")]
fn name(number: u32) -> (&'static str, &'static str) {
    let number = usize::try_from(number).unwrap_or_default();
    let last = number / FIRST.len() + number * 7;
    (FIRST[number % FIRST.len()], LAST[last % LAST.len()])
}

fn email(first: &str, last: &str, number: u32) -> String {
    let names = u32::try_from(FIRST.len() * LAST.len()).unwrap_or(u32::MAX);
    match number / names {
        0 => format!("{}.{}@example.com", plain(first), plain(last)),
        round => format!("{}.{}.{}@example.com", plain(first), plain(last), round + 1),
    }
}

/// The letters that an e-mail address is made of.
fn plain(name: &str) -> String {
    name.nfd().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// One of the numbers that are kept free for examples.
fn phone(dice: &mut Dice) -> String {
    format!("+1{}55501{:02}", dice.pick(&AREA_CODES), dice.below(100))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_customers_share_an_address_to_write_to() {
        let now = Instant::new(chrono::DateTime::UNIX_EPOCH);
        let customers = all(7_000, now);
        let emails: HashSet<&str> = customers.iter().map(|customer| customer.primary_email.as_str()).collect();
        assert_eq!(emails.len(), customers.len());
        assert!(customers.len() > FIRST.len() * LAST.len(), "names were used a second time");
        assert!(emails.iter().all(|email| email.is_ascii() && *email == email.to_lowercase()));
    }

    #[test]
    fn some_customers_have_several_projects() {
        let owners: Vec<u32> = (0..25).map(owner).collect();
        let of = |customer| owners.iter().filter(|owner| **owner == customer).count();
        assert_eq!((of(CLIENT), of(LANDLORD)), (4, 2));
        assert!((2..20).any(|customer| of(customer) == 2));
    }
}
