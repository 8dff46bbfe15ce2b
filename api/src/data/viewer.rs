//! Who is asking: a person with a session, or the system itself at its own background work.

use entity::enums::{Permission, UserRole};
use entity::scalar::Id;
use entity::user;

/// The person (or the system) in whose name data is read and written.
#[derive(Clone, Debug)]
pub struct Viewer {
    pub id: Id,
    pub name: String,
    pub email: String,
    pub role: UserRole,
    pub permissions: Vec<Permission>,
    pub is_verified: bool,
    /// Holds one of the company-wide roles, and so sees all projects, as office staff must.
    pub holds_role: bool,
    /// The session asked with; none for the system.
    pub session: Option<Id>,
}

/// Which projects a viewer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    All,
    /// Those one manages or created, is on the team of, or is assigned a step, task or alert of.
    Own,
    /// Those of the customer whose e-mail address is one's own.
    Customer,
    None,
}

impl Viewer {
    /// The system: sees everything, is nobody. Only background work, sign-in and the commands act as it.
    pub(crate) fn system() -> Self {
        Self {
            id: "system".into(),
            name: "Ridgeline".into(),
            email: String::new(),
            role: UserRole::Admin,
            permissions: Vec::new(),
            is_verified: true,
            holds_role: false,
            session: None,
        }
    }

    /// A client of the company as seen by rules about what they reach. Nobody acts as it.
    pub(in crate::data) fn client(person: &user::Model) -> Self {
        Self {
            id: person.id.clone(),
            name: String::new(),
            email: person.email.clone(),
            role: UserRole::Client,
            permissions: Vec::new(),
            is_verified: person.is_verified,
            holds_role: false,
            session: Some(Id(String::new())),
        }
    }

    /// The person, or none when the system acts.
    #[must_use]
    pub fn user(&self) -> Option<Id> {
        self.session.is_some().then(|| self.id.clone())
    }

    #[must_use]
    pub fn is_staff(&self) -> bool {
        self.role != UserRole::Client
    }

    /// `ADMIN` or `MANAGER`.
    #[must_use]
    pub fn is_lead(&self) -> bool {
        matches!(self.role, UserRole::Admin | UserRole::Manager)
    }

    /// Has the account this permission, by its role or on top of it? `ADMIN` has all.
    #[must_use]
    pub fn has(&self, permission: Permission) -> bool {
        self.role == UserRole::Admin || (self.is_staff() && self.permissions.contains(&permission))
    }

    #[must_use]
    pub fn sight(&self) -> Sight {
        match self.role {
            UserRole::Admin | UserRole::Manager | UserRole::ProjectManager => Sight::All,
            UserRole::Foreman | UserRole::Worker if self.holds_role => Sight::All,
            UserRole::Foreman | UserRole::Worker => Sight::Own,
            UserRole::Client if self.is_verified => Sight::Customer,
            UserRole::Client => Sight::None,
        }
    }
}
