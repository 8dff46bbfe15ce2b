//! The dozen people of the sample company. Seven of them sign in; the others are there to be seen at work.

use std::collections::HashMap;

use entity::enums::{Permission, RoleType, UserRole};
use entity::list::List;
use entity::scalar::{Id, Instant};
use entity::secret::Secret;
use entity::{role_assignment, user};
use sea_orm::ActiveValue::Set;

use super::{LOGINS, PASSWORD};
use crate::app::App;
use crate::data::ids::new_id;
use crate::error::Result;
use crate::fold::fold;

/// A hash that no password has.
const NO_PASSWORD: &str = "!";

struct Profile {
    email: &'static str,
    first: &'static str,
    last: &'static str,
    role: UserRole,
    position: &'static str,
    department: &'static str,
}

const fn profile(
    email: &'static str,
    (first, last): (&'static str, &'static str),
    role: UserRole,
    position: &'static str,
    department: &'static str,
) -> Profile {
    Profile { email, first, last, role, position, department }
}

const PROFILES: [Profile; 12] = [
    profile("admin@ridgeline.test", ("Grace", "Whitfield"), UserRole::Admin, "Owner", "Management"),
    profile("manager@ridgeline.test", ("Daniel", "Ortega"), UserRole::Manager, "Operations manager", "Management"),
    profile("pm@ridgeline.test", ("Priya", "Raman"), UserRole::ProjectManager, "Project manager", "Projects"),
    profile("foreman@ridgeline.test", ("Marcus", "Bell"), UserRole::Foreman, "Field director", "Field"),
    profile("worker@ridgeline.test", ("Tomás", "Herrera"), UserRole::Worker, "Roofer", "Field"),
    profile("office@ridgeline.test", ("Ellen", "Novak"), UserRole::Worker, "Office coordinator", "Office"),
    profile("client@ridgeline.test", ("Hannah", "Lindqvist"), UserRole::Client, "", ""),
    profile(
        "owen.castellano@ridgeline.test",
        ("Owen", "Castellano"),
        UserRole::ProjectManager,
        "Project manager",
        "Projects",
    ),
    profile(
        "leah.thornton@ridgeline.test",
        ("Leah", "Thornton"),
        UserRole::ProjectManager,
        "Project manager",
        "Projects",
    ),
    profile("victor.nakamura@ridgeline.test", ("Victor", "Nakamura"), UserRole::Foreman, "Roof supervisor", "Field"),
    profile("luis.andrade@ridgeline.test", ("Luis", "Andrade"), UserRole::Worker, "Roofer", "Field"),
    profile("sofia.keller@ridgeline.test", ("Sofia", "Keller"), UserRole::Worker, "Estimator", "Office"),
];

/// Somebody as the rows of projects name them.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) role: UserRole,
    /// Has one of the logins, and so a use for notifications.
    pub(super) signs_in: bool,
}

impl Person {
    fn of(profile: &Profile) -> Self {
        Self {
            id: new_id(),
            name: format!("{} {}", profile.first, profile.last),
            role: profile.role,
            signs_in: LOGINS.contains(&profile.email),
        }
    }
}

pub(super) struct Staff {
    /// In the order of [`PROFILES`].
    everybody: [Person; 12],
    pub(super) manager: Person,
    pub(super) pm: Person,
    pub(super) foreman: Person,
    pub(super) worker: Person,
    pub(super) office: Person,
    pub(super) supervisor: Person,
    pub(super) roofer: Person,
    pub(super) other_managers: [Person; 2],
}

impl Staff {
    pub(super) fn gather() -> Self {
        let everybody = PROFILES.each_ref().map(Person::of);
        let [_, manager, pm, foreman, worker, office, _, owen, leah, supervisor, roofer, _] = everybody.clone();
        Self { everybody, manager, pm, foreman, worker, office, supervisor, roofer, other_managers: [owen, leah] }
    }

    pub(super) fn find(&self, id: &Id) -> Option<&Person> {
        self.everybody.iter().find(|person| person.id == *id)
    }

    /// By the first part of the address.
    pub(super) fn called(&self, name: &str) -> Option<&Person> {
        let mut people = self.everybody.iter().zip(&PROFILES);
        people.find(|(_, profile)| profile.email.split('@').next() == Some(name)).map(|(person, _)| person)
    }

    /// Everybody who works here: all but the client.
    pub(super) fn at_work(&self) -> impl Iterator<Item = &Person> {
        self.everybody.iter().filter(|person| person.role != UserRole::Client)
    }

    pub(super) fn holders(&self) -> HashMap<RoleType, Id> {
        let holders = [
            (RoleType::ProjectManager, &self.pm),
            (RoleType::FieldDirector, &self.foreman),
            (RoleType::OfficeStaff, &self.office),
            (RoleType::Administration, &self.office),
        ];
        holders.map(|(role, person)| (role, person.id.clone())).into()
    }

    pub(super) fn roles(&self, since: Instant) -> Vec<role_assignment::ActiveModel> {
        let row = |(role, user)| role_assignment::ActiveModel {
            id: Set(new_id()),
            created_at: Set(since),
            updated_at: Set(since),
            role_type: Set(role),
            user_id: Set(user),
            assigned_at: Set(since),
            is_active: Set(true),
            ..Default::default()
        };
        self.holders().into_iter().map(row).collect()
    }

    /// The rows of everybody, the administrator first.
    ///
    /// # Errors
    /// INTERNAL when a password cannot be hashed.
    pub(super) async fn rows(&self, app: &App, since: Instant) -> Result<Vec<user::ActiveModel>> {
        let mut rows = Vec::new();
        for (number, (person, profile)) in (1..).zip(self.everybody.iter().zip(&PROFILES)) {
            let password = if person.signs_in {
                app.security.passwords.queue()?.hash(PASSWORD).await?
            } else {
                Secret(NO_PASSWORD.to_owned())
            };
            rows.push(account(person, profile, number, password, app.settings.company_timezone.name(), since));
        }
        Ok(rows)
    }
}

fn account(
    person: &Person,
    profile: &Profile,
    number: i32,
    password: Secret,
    timezone: &str,
    since: Instant,
) -> user::ActiveModel {
    let stated = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    user::ActiveModel {
        id: Set(person.id.clone()),
        created_at: Set(since),
        updated_at: Set(since),
        first_name: Set(profile.first.to_owned()),
        last_name: Set(profile.last.to_owned()),
        name_folded: Set(fold(&person.name)),
        email: Set(profile.email.to_owned()),
        password: Set(password),
        phone: Set(Some(format!("+13035550{:03}", 100 + number))),
        position: Set(stated(profile.position)),
        department: Set(stated(profile.department)),
        role: Set(profile.role),
        permissions: Set(permissions(profile.role)),
        is_active: Set(true),
        is_verified: Set(true),
        timezone: Set(timezone.to_owned()),
        ..Default::default()
    }
}

fn permissions(role: UserRole) -> List<Permission> {
    match role {
        UserRole::ProjectManager => List(vec![Permission::CreateProjects, Permission::EditProjects]),
        _ => List::default(),
    }
}
