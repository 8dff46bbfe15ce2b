//! What one may do: the permissions a write names, and the whole table of who has them.
//!
//! A permission says that a role may try at all. Where the rule is about one row ("the project's manager", "the
//! assignee"), the use-case asks the row as well; `may_run` and its kin below say those rules once.

use entity::enums::{Permission as Granted, UserRole};
use entity::project;

use crate::data::viewer::Viewer;
use crate::error::{Error, Result};

/// What a use-case needs to be run at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Anyone with a session, for what is theirs: own password, own notifications.
    SignedIn,
    /// Everyone who works here: all roles but `CLIENT`.
    Staff,
    CreateProjects,
    EditProjects,
    DeleteProjects,
    /// Hold, archive, cancel, team, manager: of one's own projects for a project manager.
    RunProjects,
    /// Company roles and other people's accounts.
    ManageUsers,
    /// The program itself: sign-in, background work, commands. No person ever has it.
    System,
}

impl Permission {
    /// # Errors
    /// FORBIDDEN, with what is missing, when the viewer does not have it.
    pub fn require(self, viewer: &Viewer) -> Result<()> {
        if self.allows(viewer) { Ok(()) } else { Err(Error::Forbidden(self.refusal().to_owned())) }
    }

    fn allows(self, viewer: &Viewer) -> bool {
        use UserRole::{Admin, Client, Foreman, Manager, ProjectManager, Worker};
        if viewer.session.is_none() {
            return true;
        }
        match (self, viewer.role) {
            (Self::System, _) => false,
            (Self::SignedIn, _) | (_, Admin) => true,
            (_, Client) => false,
            (Self::Staff, _)
            | (Self::CreateProjects | Self::EditProjects | Self::RunProjects, Manager)
            | (Self::RunProjects, ProjectManager) => true,
            (Self::CreateProjects, ProjectManager | Foreman | Worker) => viewer.has(Granted::CreateProjects),
            (Self::EditProjects, ProjectManager | Foreman | Worker) | (Self::RunProjects, Foreman | Worker) => {
                viewer.has(Granted::EditProjects)
            }
            (Self::DeleteProjects, _) => viewer.has(Granted::DeleteProjects),
            (Self::ManageUsers, _) => viewer.has(Granted::ManageUsers),
        }
    }

    fn refusal(self) -> &'static str {
        match self {
            Self::SignedIn => "Sign in first.",
            Self::Staff => "Only staff may do this.",
            Self::CreateProjects => "You need the permission CREATE_PROJECTS for this.",
            Self::EditProjects => "You need the permission EDIT_PROJECTS for this.",
            Self::DeleteProjects => "You need the permission DELETE_PROJECTS for this.",
            Self::RunProjects => "Only the project's manager and the company's managers may do this.",
            Self::ManageUsers => "You need the permission MANAGE_USERS for this.",
            Self::System => "Nobody but the system itself may do this.",
        }
    }
}

impl Viewer {
    /// Is this their own project to run?
    #[must_use]
    pub fn manages(&self, project: &project::Model) -> bool {
        self.session.is_some() && project.project_manager_id.as_ref() == Some(&self.id)
    }

    /// `ADMIN`, `MANAGER`, or the project's manager; the system.
    #[must_use]
    pub fn leads(&self, project: &project::Model) -> bool {
        self.is_staff() && (self.is_lead() || self.manages(project))
    }

    /// Hold, archive, cancel, change the team: those who lead it, and staff in the field with `EDIT_PROJECTS`.
    #[must_use]
    pub fn runs(&self, project: &project::Model) -> bool {
        let field = matches!(self.role, UserRole::Foreman | UserRole::Worker);
        self.leads(project) || (field && self.has(Granted::EditProjects))
    }

    /// Budget and costs.
    #[must_use]
    pub fn sees_money(&self, project: &project::Model) -> bool {
        match self.role {
            UserRole::Admin | UserRole::Manager => true,
            UserRole::ProjectManager => self.manages(project) || self.has(Granted::ManageFinances),
            UserRole::Foreman | UserRole::Worker => self.has(Granted::ManageFinances),
            UserRole::Client => false,
        }
    }

    /// Whoever may create, edit or delete projects reaches all customers.
    #[must_use]
    pub fn reaches_all_customers(&self) -> bool {
        let permissions = [Granted::CreateProjects, Granted::EditProjects, Granted::DeleteProjects];
        self.is_staff() && (self.sight() == super::viewer::Sight::All || permissions.into_iter().any(|p| self.has(p)))
    }
}

/// # Errors
/// FORBIDDEN with the sentence unless it holds.
pub fn ensure(holds: bool, otherwise: &str) -> Result<()> {
    if holds { Ok(()) } else { Err(Error::Forbidden(otherwise.to_owned())) }
}
