//! The lists of project messages: the record newest first, a thread's answers oldest first.

use async_graphql::InputObject;
use entity::enums::{MessagePriority, ProjectMessageType, ProjectPhase};
use entity::project_message::{Column, Entity, Model};
use entity::scalar::Id;
use sea_orm::sea_query::{Expr, ExprTrait, Func, SimpleExpr};
use sea_orm::{ColumnTrait, QueryFilter, Select};

use crate::data::cursor::Mark;
use crate::data::listing::{Key, Listing};
use crate::data::scope::Scope;

/// Which messages of a project's record to list. Absent or null does not filter; an empty list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
#[graphql(name = "ProjectMessageFilter")]
pub struct MessageFilter {
    /// Only messages of these types.
    pub message_type: Option<Vec<ProjectMessageType>>,
    /// Only messages of these priorities.
    pub priority: Option<Vec<MessagePriority>>,
    /// Only messages about these phases.
    pub phase: Option<Vec<ProjectPhase>>,
    /// Only messages that this person wrote.
    pub author_id: Option<Id>,
    /// True: only what the system noted down. False: only what people wrote.
    pub is_system_generated: Option<bool>,
    /// True: only what the signed-in user has not read yet. False: only what they have.
    pub unread: Option<bool>,
    /// True: only messages that begin a thread. False: only answers.
    pub threads_only: Option<bool>,
}

/// Every project message within reach, newest first.
pub(crate) fn listing(scope: &Scope) -> Listing<Entity> {
    Listing { select: scope.find::<Entity>(), keys: vec![created(true)], name: "projectMessages".to_owned() }
}

/// The answers of a thread, oldest first.
pub(crate) fn replies(scope: &Scope) -> Listing<Entity> {
    Listing { select: scope.find::<Entity>(), keys: vec![created(false)], name: "replies".to_owned() }
}

/// The messages that match, newest first: of one project, or of every project within reach.
pub(crate) fn filtered(scope: &Scope, project: Option<&Id>, filter: &MessageFilter) -> Listing<Entity> {
    let Listing { mut select, keys, name } = listing(scope);
    let name = format!("{name} {project:?} {filter:?}");
    if let Some(project) = project {
        select = select.filter(Column::ProjectId.eq(project.clone()));
    }
    Listing { select: matching(select, &scope.viewer().id, filter), keys, name }
}

/// What the viewer has not read yet: of one project, or of every project within reach.
pub(crate) fn unread(scope: &Scope, project: Option<&Id>) -> Select<Entity> {
    filtered(scope, project, &MessageFilter { unread: Some(true), ..MessageFilter::default() }).select
}

fn matching(mut select: Select<Entity>, viewer: &Id, filter: &MessageFilter) -> Select<Entity> {
    if let Some(types) = &filter.message_type {
        select = select.filter(Column::MessageType.is_in(types.iter().copied()));
    }
    if let Some(priorities) = &filter.priority {
        select = select.filter(Column::Priority.is_in(priorities.iter().copied()));
    }
    if let Some(phases) = &filter.phase {
        select = select.filter(Column::Phase.is_in(phases.iter().copied()));
    }
    if let Some(author) = &filter.author_id {
        select = select.filter(Column::AuthorId.eq(author.clone()));
    }
    if let Some(by_system) = filter.is_system_generated {
        select = select.filter(Column::IsSystemGenerated.eq(by_system));
    }
    match filter.unread {
        None => {}
        Some(true) => select = select.filter(read_by(viewer).not()),
        Some(false) => select = select.filter(read_by(viewer)),
    }
    match filter.threads_only {
        None => select,
        Some(true) => select.filter(Column::ParentMessageId.is_null()),
        Some(false) => select.filter(Column::ParentMessageId.is_not_null()),
    }
}

/// Is this person in the list of readers? The list is JSON, and the two databases look into JSON in different ways; but
/// both can take text out of text, and an id in its quotes is in the list's text exactly when it is in the list.
fn read_by(person: &Id) -> SimpleExpr {
    let readers = Expr::col((Entity, Column::ReadBy)).cast_as("text");
    let without = Func::cust("replace").arg(readers.clone()).arg(format!("\"{person}\"")).arg("");
    Expr::expr(without).ne(readers)
}

fn created(descending: bool) -> Key<Entity> {
    Key {
        expr: Expr::col((Entity, Column::CreatedAt)),
        descending,
        nullable: false,
        mark: |row: &Model| Mark::At(row.created_at),
    }
}
