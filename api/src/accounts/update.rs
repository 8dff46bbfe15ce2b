//! What people change about themselves.

use async_graphql::{InputObject, MaybeUndefined};
use entity::enums::Theme;
use entity::list::List;
use entity::scalar::Instant;
use entity::user;
use phonenumber::country;
use sea_orm::JsonValue;
use serde::Serialize;

use crate::accounts::profile::{EmergencyContact, NotificationPreferences, PostalAddress};
use crate::data::access::Permission;
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::fold::fold;
use crate::input::{Check, unchanged};

/// What is to change in one's own profile: absent fields stay as they are, null clears.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateProfileInput {
    /// `updatedAt` as last read; if the profile has changed since, nothing is written and the answer is CONFLICT.
    pub expected_updated_at: Option<Instant>,
    /// First name, at most 50 characters.
    pub first_name: MaybeUndefined<String>,
    /// Last name, at most 50 characters.
    pub last_name: MaybeUndefined<String>,
    /// Work phone; without a country code it is read as a number of the company's own country.
    pub phone: MaybeUndefined<String>,
    /// Position in the company, at most 100 characters.
    pub position: MaybeUndefined<String>,
    /// Some words about oneself, at most 500 characters.
    pub bio: MaybeUndefined<String>,
    /// Address of a picture: `https://…`, or a path on this server; at most 500 characters.
    pub avatar: MaybeUndefined<String>,
    /// The colour scheme.
    pub theme: MaybeUndefined<Theme>,
    /// The language, for example "en" or "es-MX".
    pub language: MaybeUndefined<String>,
    /// The time zone by its IANA name, for example "America/Denver".
    pub timezone: MaybeUndefined<String>,
    /// How to be told of things.
    pub notification_preferences: MaybeUndefined<NotificationPreferences>,
    /// What one knows how to do: at most 50, each of at most 100 characters.
    pub skills: MaybeUndefined<Vec<String>>,
    /// Whom to call in an emergency; replaced as a whole.
    pub emergency_contact: MaybeUndefined<EmergencyContact>,
    /// Private address; replaced as a whole.
    pub address: MaybeUndefined<PostalAddress>,
}

/// Changes one's own profile.
pub struct UpdateProfile {
    pub input: UpdateProfileInput,
    pub region: country::Id,
}

impl UseCase for UpdateProfile {
    type Output = user::Model;
    const PERMISSION: Permission = Permission::SignedIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<user::Model> {
        let before = tx.lock::<user::Entity>(&tx.viewer().id).await?;
        unchanged(self.input.expected_updated_at, &before.id, before.updated_at)?;
        let (mut check, mut after) = (Check::default(), before.clone());
        self.card(&mut after, &mut check);
        self.preferences(&mut after, &mut check);
        let (contact, address) = (self.emergency_contact(&mut check), self.address(&mut check));
        check.done()?;
        keep(contact, &mut after.emergency_contact)?;
        keep(address, &mut after.address)?;
        keep(self.input.notification_preferences, &mut after.notification_preferences)?;
        let row = tx.save::<user::Entity>(&before, after).await?;
        if row.name_folded != before.name_folded {
            // The name is part of what every instance knows of a session.
            tx.renew_viewer(&row.id);
        }
        Ok(row)
    }
}

impl UpdateProfile {
    fn card(&self, row: &mut user::Model, check: &mut Check) {
        let input = self.input.clone();
        check.required("firstName", input.first_name, |c, name| row.first_name = c.text("firstName", &name, 50));
        check.required("lastName", input.last_name, |c, name| row.last_name = c.text("lastName", &name, 50));
        row.name_folded = fold(&format!("{} {}", row.first_name, row.last_name));
        let region = self.region;
        check.nullable(input.phone, |c, phone| row.phone = c.optional_phone("phone", phone.as_deref(), region));
        check.nullable(input.position, |c, text| row.position = c.optional("position", text.as_deref(), 100));
        check.nullable(input.bio, |c, text| row.bio = c.optional("bio", text.as_deref(), 500));
        check.nullable(input.avatar, |c, text| {
            row.avatar = c.optional("avatar", text.as_deref(), 500);
            let safe = row.avatar.as_deref().is_none_or(is_picture);
            c.ensure(safe, "avatar", "Write an address that begins with https://, or a path on this server.");
        });
    }

    fn preferences(&self, row: &mut user::Model, check: &mut Check) {
        let input = self.input.clone();
        check.required("theme", input.theme, |_, theme| row.theme = theme);
        check.required("language", input.language, |c, text| {
            row.language = c.text("language", &text, 5);
            c.ensure(is_language(&row.language), "language", "Write a language like \"en\" or \"es-MX\".");
        });
        check.required("timezone", input.timezone, |c, text| {
            row.timezone = c.text("timezone", &text, 50);
            let known = row.timezone.parse::<chrono_tz::Tz>().is_ok();
            c.ensure(known, "timezone", "Write a time zone by its IANA name, like \"America/Denver\".");
        });
        check.required("skills", input.skills, |c, skills| row.skills = self::skills(c, &skills));
    }

    fn emergency_contact(&self, check: &mut Check) -> MaybeUndefined<EmergencyContact> {
        self.input.emergency_contact.clone().map_value(|contact| {
            let (name, phone) = (contact.name.as_deref().unwrap_or(""), contact.phone.as_deref().unwrap_or(""));
            let relationship = contact.relationship.as_deref();
            EmergencyContact {
                name: Some(check.text("emergencyContact.name", name, 100)),
                phone: Some(check.phone("emergencyContact.phone", phone, self.region)),
                relationship: check.optional("emergencyContact.relationship", relationship, 100),
                email: check.optional_email("emergencyContact.email", contact.email.as_deref()),
            }
        })
    }

    fn address(&self, check: &mut Check) -> MaybeUndefined<PostalAddress> {
        self.input.address.clone().map_value(|address| PostalAddress {
            street: check.optional("address.street", address.street.as_deref(), 200),
            city: check.optional("address.city", address.city.as_deref(), 100),
            state: check.optional("address.state", address.state.as_deref(), 100),
            postal_code: check.optional("address.postalCode", address.postal_code.as_deref(), 20),
            country: check.optional("address.country", address.country.as_deref(), 100),
        })
    }
}

/// A JSON column: absent leaves it, null clears it.
fn keep<T: Serialize>(change: MaybeUndefined<T>, column: &mut Option<JsonValue>) -> Result<()> {
    match change {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *column = None,
        MaybeUndefined::Value(value) => *column = Some(serde_json::to_value(value).map_err(Error::internal)?),
    }
    Ok(())
}

/// Each once, in the order given.
fn skills(check: &mut Check, entered: &[String]) -> List<String> {
    check.ensure(entered.len() <= 50, "skills", "At most 50 skills fit here.");
    let mut skills: Vec<String> = Vec::new();
    for (at, skill) in entered.iter().enumerate() {
        let skill = check.text(&format!("skills.{at}"), skill, 100);
        if !skills.contains(&skill) {
            skills.push(skill);
        }
    }
    List(skills)
}

/// Pictures are shown by browsers, so an address must not be able to run anything.
fn is_picture(address: &str) -> bool {
    address.starts_with("https://") || (address.starts_with('/') && !address.starts_with("//"))
}

fn is_language(text: &str) -> bool {
    let of = |part: &str, letter: fn(&char) -> bool| part.len() == 2 && part.chars().all(|c| letter(&c));
    let (language, region) = text.split_once('-').map_or((text, None), |(language, region)| (language, Some(region)));
    of(language, char::is_ascii_lowercase) && region.is_none_or(|region| of(region, char::is_ascii_uppercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_two_letters_with_or_without_a_region() {
        for good in ["en", "es-MX"] {
            assert!(is_language(good), "{good}");
        }
        for bad in ["", "e", "eng", "EN", "en-", "en-us", "en_US", "én"] {
            assert!(!is_language(bad), "{bad}");
        }
    }

    #[test]
    fn pictures_cannot_run_anything() {
        for good in ["https://example.com/a.png", "/files/a.png"] {
            assert!(is_picture(good), "{good}");
        }
        for bad in ["javascript:alert(1)", "data:text/html,x", "//example.com/a.png", "http://example.com/a.png", "a"] {
            assert!(!is_picture(bad), "{bad}");
        }
    }
}
