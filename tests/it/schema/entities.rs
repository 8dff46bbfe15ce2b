//! Every entity there is. A table that is missing here fails a test.

use std::fmt::Debug;

use entity::placed::Table;
use entity::{
    audit_log, calendar_event, calendar_event_attendee, change, change_head, completed_workflow_item, contact,
    conversation, conversation_participant, customer, document, document_download, idempotency_key, job, message,
    message_read, notification, number_counter, one_time_token, project, project_message, project_phase_override,
    project_team_member, project_workflow, project_workflow_tracker, rate_limit, refresh_token, role_assignment,
    security_event, session, suppressed_workflow_alert, task, task_dependency, user, user_behavior_pattern,
    user_device, user_mfa, webauthn_credential, workflow_alert, workflow_line_item, workflow_phase, workflow_section,
    workflow_step, workflow_step_attachment, workflow_subtask,
};
use sea_orm::sea_query::{ColumnType, StringLen};
use sea_orm::{ColumnTrait, EntityTrait, IdenStatic, IntoActiveModel, Iterable, PrimaryKeyToColumn};

use super::catalogue::Class;

/// Something done with each entity in turn.
pub trait Visitor {
    fn visit<E>(&mut self)
    where
        E: Table,
        E::Model: IntoActiveModel<E::ActiveModel> + PartialEq + Debug + Sync;
}

pub fn each(visitor: &mut impl Visitor) {
    visitor.visit::<user::Entity>();
    visitor.visit::<customer::Entity>();
    visitor.visit::<contact::Entity>();
    visitor.visit::<workflow_phase::Entity>();
    visitor.visit::<workflow_section::Entity>();
    visitor.visit::<workflow_line_item::Entity>();
    visitor.visit::<project::Entity>();
    visitor.visit::<project_team_member::Entity>();
    visitor.visit::<project_workflow::Entity>();
    visitor.visit::<workflow_step::Entity>();
    visitor.visit::<workflow_subtask::Entity>();
    visitor.visit::<project_workflow_tracker::Entity>();
    visitor.visit::<completed_workflow_item::Entity>();
    visitor.visit::<project_phase_override::Entity>();
    visitor.visit::<workflow_alert::Entity>();
    visitor.visit::<suppressed_workflow_alert::Entity>();
    visitor.visit::<notification::Entity>();
    visitor.visit::<role_assignment::Entity>();
    visitor.visit::<task::Entity>();
    visitor.visit::<task_dependency::Entity>();
    visitor.visit::<document::Entity>();
    visitor.visit::<document_download::Entity>();
    visitor.visit::<workflow_step_attachment::Entity>();
    visitor.visit::<project_message::Entity>();
    visitor.visit::<conversation::Entity>();
    visitor.visit::<conversation_participant::Entity>();
    visitor.visit::<message::Entity>();
    visitor.visit::<message_read::Entity>();
    visitor.visit::<calendar_event::Entity>();
    visitor.visit::<calendar_event_attendee::Entity>();
    visitor.visit::<user_device::Entity>();
    visitor.visit::<user_mfa::Entity>();
    visitor.visit::<security_event::Entity>();
    visitor.visit::<user_behavior_pattern::Entity>();
    visitor.visit::<webauthn_credential::Entity>();
    visitor.visit::<session::Entity>();
    visitor.visit::<refresh_token::Entity>();
    visitor.visit::<one_time_token::Entity>();
    visitor.visit::<rate_limit::Entity>();
    visitor.visit::<change::Entity>();
    visitor.visit::<change_head::Entity>();
    visitor.visit::<job::Entity>();
    visitor.visit::<idempotency_key::Entity>();
    visitor.visit::<number_counter::Entity>();
    visitor.visit::<audit_log::Entity>();
}

/// A column as its entity declares it.
pub struct Declared {
    pub name: &'static str,
    pub class: Class,
    pub enum_name: Option<String>,
    pub nullable: bool,
    pub primary: bool,
    pub unique: bool,
}

/// Every table, by the entities' own account.
pub fn declared() -> Vec<(String, Vec<Declared>)> {
    struct Columns(Vec<(String, Vec<Declared>)>);
    impl Visitor for Columns {
        fn visit<E: Table>(&mut self) {
            let table = E::default().table_name().to_owned();
            self.0.push((table, E::Column::iter().map(column::<E>).collect()));
        }
    }
    let mut columns = Columns(Vec::new());
    each(&mut columns);
    columns.0
}

fn column<E: EntityTrait>(column: E::Column) -> Declared {
    let definition = column.def();
    let name = column.as_str();
    Declared {
        name,
        class: class(definition.get_column_type()),
        enum_name: match definition.get_column_type() {
            ColumnType::Enum { name, .. } => Some(name.to_string()),
            _ => None,
        },
        nullable: definition.is_null(),
        primary: E::PrimaryKey::iter().any(|key| key.into_column().as_str() == name),
        unique: definition.is_unique(),
    }
}

fn class(kind: &ColumnType) -> Class {
    match kind {
        ColumnType::String(StringLen::N(length)) => Class::Varchar(*length),
        ColumnType::Text => Class::Text,
        ColumnType::Integer => Class::Int,
        ColumnType::BigInteger => Class::Big,
        ColumnType::Boolean => Class::Boolean,
        ColumnType::TimestampWithTimeZone => Class::Instant,
        ColumnType::JsonBinary => Class::Json,
        ColumnType::Blob => Class::Bytes,
        ColumnType::Decimal(Some((precision, scale))) => Class::Decimal(*precision, *scale),
        ColumnType::Enum { variants, .. } => Class::Enum(variants.iter().map(ToString::to_string).collect()),
        other => panic!("no column here is a {other:?}"),
    }
}
