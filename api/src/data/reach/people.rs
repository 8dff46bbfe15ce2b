//! People, the roles they hold, and what belongs to their accounts.

use entity::enums::UserRole;
use entity::{
    audit_log, project, refresh_token, role_assignment, security_event, session, user, user_behavior_pattern,
    user_device, user_mfa, webauthn_credential,
};
use sea_orm::{ColumnTrait, Condition};

use crate::data::reach::messages::fellows;
use crate::data::reach::{Guarded, Reach, only, own_and_led, select, when};
use crate::data::viewer::Viewer;

impl Guarded for user::Entity {
    const NAME: &'static str = "person";
    /// As cards; which fields go beyond the card is decided where a person is shown.
    fn reach(viewer: &Viewer) -> Reach {
        if viewer.is_staff() {
            return Reach::All;
        }
        let managers = Reach::through(user::Column::Id, project::Entity::reach(viewer), |c| {
            let named = c.add(project::Column::ProjectManagerId.is_not_null());
            select::<project::Entity>(project::Column::ProjectManagerId, named)
        });
        let myself = Condition::any()
            .add(user::Column::Id.eq(viewer.id.clone()))
            .add(user::Column::Id.in_subquery(fellows(viewer)));
        match managers {
            Reach::Where(condition) => Reach::Where(myself.add(condition)),
            Reach::All | Reach::None => Reach::Where(myself),
        }
    }
}

impl Guarded for role_assignment::Entity {
    const NAME: &'static str = "role";
    fn reach(viewer: &Viewer) -> Reach {
        when(viewer.is_staff())
    }
}

impl Guarded for session::Entity {
    const NAME: &'static str = "session";
    fn reach(viewer: &Viewer) -> Reach {
        only(viewer, session::Column::UserId)
    }
}

impl Guarded for refresh_token::Entity {
    const NAME: &'static str = "refresh token";
    /// For sign-in alone, which acts as the system.
    fn reach(viewer: &Viewer) -> Reach {
        when(viewer.session.is_none())
    }
}

impl Guarded for user_device::Entity {
    const NAME: &'static str = "device";
    fn reach(viewer: &Viewer) -> Reach {
        own_and_led(viewer, user_device::Column::UserId)
    }
}

impl Guarded for user_mfa::Entity {
    const NAME: &'static str = "second factor";
    fn reach(viewer: &Viewer) -> Reach {
        only(viewer, user_mfa::Column::UserId)
    }
}

impl Guarded for webauthn_credential::Entity {
    const NAME: &'static str = "passkey";
    fn reach(viewer: &Viewer) -> Reach {
        only(viewer, webauthn_credential::Column::UserId)
    }
}

impl Guarded for security_event::Entity {
    const NAME: &'static str = "security event";
    fn reach(viewer: &Viewer) -> Reach {
        own_and_led(viewer, security_event::Column::UserId)
    }
}

impl Guarded for user_behavior_pattern::Entity {
    const NAME: &'static str = "behaviour pattern";
    fn reach(viewer: &Viewer) -> Reach {
        only(viewer, user_behavior_pattern::Column::UserId)
    }
}

impl Guarded for audit_log::Entity {
    const NAME: &'static str = "audit entry";
    fn reach(viewer: &Viewer) -> Reach {
        when(viewer.role == UserRole::Admin)
    }
}
