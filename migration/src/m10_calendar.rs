//! Appointments: `calendar_events` and who attends them.

use sea_orm_migration::prelude::*;

use crate::column::{
    CASCADE, RESTRICT, SET_NULL, boolean, created, enumeration, id, instant, reference, updated, varchar,
};
use crate::enums;
use crate::kind::Enum;
use crate::table::{Table, create_all, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

const ENUMS: &[Enum] = &[enums::EVENT_TYPE, enums::EVENT_STATUS, enums::ATTENDEE_STATUS, enums::ATTENDEE_RESPONSE];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_all(manager, ENUMS, &tables()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, ENUMS, &tables()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn tables() -> Vec<Table> {
    vec![calendar_events(), calendar_event_attendees()]
}

fn calendar_events() -> Table {
    Table::new(
        "calendar_events",
        [
            id(),
            created(),
            updated(),
            varchar("title", 200),
            varchar("description", 2000).null(),
            instant("startTime"),
            instant("endTime"),
            varchar("location", 500).null(),
            boolean("isAllDay").default("false"),
            enumeration("eventType", &enums::EVENT_TYPE).default("'MEETING'"),
            enumeration("status", &enums::EVENT_STATUS).default("'CONFIRMED'"),
            boolean("isRecurring").default("false"),
            varchar("recurrenceRule", 500).null(),
            reference("parentEventId", "calendar_events", SET_NULL).null(),
            reference("organizerId", "users", RESTRICT),
            reference("projectId", "projects", SET_NULL).null(),
            varchar("timeZone", 50).null(),
            instant("originalStartTime").null(),
        ],
    )
    .index(&["startTime", "endTime"])
    .check("endTime_after_start", r#""endTime" > "startTime" OR ("isAllDay" AND "endTime" >= "startTime")"#)
}

fn calendar_event_attendees() -> Table {
    Table::new(
        "calendar_event_attendees",
        [
            id(),
            created(),
            updated(),
            reference("eventId", "calendar_events", CASCADE),
            reference("userId", "users", CASCADE),
            enumeration("status", &enums::ATTENDEE_STATUS).default("'REQUIRED'"),
            enumeration("response", &enums::ATTENDEE_RESPONSE).default("'NO_RESPONSE'"),
        ],
    )
    .unique(&["eventId", "userId"])
}
