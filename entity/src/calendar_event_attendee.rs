//! A person invited to an event, and their answer. The table `calendar_event_attendees`.

use sea_orm::entity::prelude::*;

use crate::enums::{AttendeeResponse, AttendeeStatus};
use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "calendar_event_attendees")]
pub struct Model {
    /// The id of the attendance.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the attendance was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the attendance last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The event.
    #[sea_orm(column_name = "eventId")]
    pub event_id: Id,
    /// The person.
    #[sea_orm(column_name = "userId")]
    pub user_id: Id,
    /// How they take part.
    pub status: AttendeeStatus,
    /// What they answered.
    pub response: AttendeeResponse,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
