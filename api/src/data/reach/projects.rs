//! Projects, their teams and their customers.

use entity::{contact, customer, project, project_team_member};
use sea_orm::ColumnTrait;

use crate::data::changes::Feed;
use crate::data::reach::own::own;
use crate::data::reach::{Guarded, IntoCondition, Reach, of_project_for_staff, select};
use crate::data::viewer::{Sight, Viewer};

impl Guarded for project::Entity {
    const NAME: &'static str = "project";
    fn reach(viewer: &Viewer) -> Reach {
        match viewer.sight() {
            Sight::All => Reach::All,
            Sight::None => Reach::None,
            Sight::Own => Reach::Where(project::Column::Id.in_subquery(own(&viewer.id)).into_condition()),
            Sight::Customer => {
                let mail = customer::Column::PrimaryEmail.eq(viewer.email.clone()).into_condition();
                let customers = select::<customer::Entity>(customer::Column::Id, mail);
                Reach::Where(project::Column::CustomerId.in_subquery(customers).into_condition())
            }
        }
    }
    fn feed(row: &project::Model) -> Option<Feed> {
        Some(Feed::new("projects", &row.id, Some(&row.id), serde_json::json!({})))
    }
    const OPENS_TO: &'static [&'static str] = &["projectManagerId", "createdById"];
    const PROJECT: &'static str = "id";
}

impl Guarded for project_team_member::Entity {
    const NAME: &'static str = "team member";
    fn reach(viewer: &Viewer) -> Reach {
        of_project_for_staff(viewer, project_team_member::Column::ProjectId)
    }
    fn feed(row: &project_team_member::Model) -> Option<Feed> {
        Some(Feed::part_of_project(&row.project_id))
    }
    const OPENS_TO: &'static [&'static str] = &["userId"];
}

impl Guarded for customer::Entity {
    const NAME: &'static str = "customer";
    fn reach(viewer: &Viewer) -> Reach {
        match viewer.sight() {
            _ if viewer.reaches_all_customers() => Reach::All,
            Sight::All => Reach::All,
            Sight::None => Reach::None,
            Sight::Customer => Reach::Where(customer::Column::PrimaryEmail.eq(viewer.email.clone()).into_condition()),
            Sight::Own => Reach::through(customer::Column::Id, project::Entity::reach(viewer), |c| {
                select::<project::Entity>(project::Column::CustomerId, c)
            }),
        }
    }
}

impl Guarded for contact::Entity {
    const NAME: &'static str = "contact";
    fn reach(viewer: &Viewer) -> Reach {
        if !viewer.is_staff() {
            return Reach::None;
        }
        Reach::through(contact::Column::CustomerId, customer::Entity::reach(viewer), |c| {
            select::<customer::Entity>(customer::Column::Id, c)
        })
    }
}
