//! The viewer's notifications, newest first.

use async_graphql::InputObject;
use entity::enums::NotificationType;
use entity::notification::{Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, Select};

use crate::data::cursor::Mark;
use crate::data::listing::{Key, Listing};
use crate::data::scope::Scope;

/// Which notifications to list. Absent or null does not filter; an empty list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub struct NotificationFilter {
    /// True: only those that were read. False: only those that were not.
    pub is_read: Option<bool>,
    /// Only notifications of these types.
    #[graphql(name = "type")]
    pub kind: Option<Vec<NotificationType>>,
}

/// The viewer's notifications that match, newest first.
pub(crate) fn listing(scope: &Scope, filter: &NotificationFilter) -> Listing<Entity> {
    let mut select = scope.find::<Entity>();
    if let Some(is_read) = filter.is_read {
        select = select.filter(Column::IsRead.eq(is_read));
    }
    if let Some(kinds) = &filter.kind {
        select = select.filter(Column::NotificationType.is_in(kinds.iter().copied()));
    }
    let newest = Key {
        expr: Expr::col((Entity, Column::CreatedAt)),
        descending: true,
        nullable: false,
        mark: |row: &Model| Mark::At(row.created_at),
    };
    Listing { select, keys: vec![newest], name: format!("notifications {filter:?}") }
}

/// Those that the viewer has not read yet.
pub(crate) fn unread(scope: &Scope) -> Select<Entity> {
    scope.find::<Entity>().filter(Column::IsRead.eq(false))
}
