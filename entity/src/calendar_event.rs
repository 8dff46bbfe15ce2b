//! An event in the calendar, perhaps the first of a series. The table `calendar_events`.

use sea_orm::entity::prelude::*;

use crate::enums::{EventStatus, EventType};
use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "calendar_events")]
pub struct Model {
    /// The id of the event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the event was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the event last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The event in a line.
    #[sea_orm(column_type = "String(StringLen::N(200))")]
    pub title: String,
    /// What it is about; null if nothing was entered.
    #[sea_orm(column_type = "String(StringLen::N(2000))", nullable)]
    pub description: Option<String>,
    /// When it begins, in UTC.
    #[sea_orm(column_name = "startTime")]
    pub start_time: Instant,
    /// When it ends, in UTC; after `startTime`, or the same for a whole day.
    #[sea_orm(column_name = "endTime")]
    pub end_time: Instant,
    /// Where it takes place; null if nothing was entered.
    #[sea_orm(column_type = "String(StringLen::N(500))", nullable)]
    pub location: Option<String>,
    /// Does it last whole days?
    #[sea_orm(column_name = "isAllDay")]
    pub is_all_day: bool,
    /// What kind of event it is.
    #[sea_orm(column_name = "eventType")]
    pub event_type: EventType,
    /// Does it take place?
    pub status: EventStatus,
    /// Does it repeat?
    #[sea_orm(column_name = "isRecurring")]
    pub is_recurring: bool,
    /// How it repeats, as an RRULE of RFC 5545; null if it does not.
    #[sea_orm(column_name = "recurrenceRule", column_type = "String(StringLen::N(500))", nullable)]
    pub recurrence_rule: Option<String>,
    /// The series from which this event was taken out; null for others.
    #[sea_orm(column_name = "parentEventId", nullable)]
    pub parent_event_id: Option<Id>,
    /// The person who organises it.
    #[sea_orm(column_name = "organizerId")]
    pub organizer_id: Id,
    /// The project that it belongs to; null if none, or once it is deleted.
    #[sea_orm(column_name = "projectId", nullable)]
    pub project_id: Option<Id>,
    /// The time zone that a series repeats in, by its IANA name; null for UTC. (An addition to the report.)
    #[sea_orm(column_name = "timeZone", column_type = "String(StringLen::N(50))", nullable)]
    pub time_zone: Option<String>,
    /// When the event would have begun as its series says; null unless it was taken out of one. (An addition to the
    /// report.)
    #[sea_orm(column_name = "originalStartTime", nullable)]
    pub original_start_time: Option<Instant>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
