//! The list of one's own conversations: the one in which something was said last comes first.

use async_graphql::InputObject;
use entity::conversation::{Column, Entity, Model};
use entity::{conversation_participant as participant, message, user};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Query};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect, QueryTrait};

use super::messages::list::{searchable, unread};
use crate::data::cursor::Mark;
use crate::data::listing::{Key, Listing};
use crate::data::scope::Scope;
use crate::error::Result;
use crate::fold::anywhere;

/// Which conversations. What is absent or null does not filter.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ConversationFilter {
    /// Matches the title and the names of the others in it, without regard to case; 1 to 200 characters.
    pub search: Option<String>,
    /// True: only groups. False: only those between two people.
    pub is_group: Option<bool>,
    /// True: only those with something unread. False: only those without.
    pub unread: Option<bool>,
}

/// The viewer's conversations that match.
///
/// # Errors
/// BAD_USER_INPUT for a search that cannot find anything.
pub(super) fn listing(scope: &Scope, filter: &ConversationFilter) -> Result<Listing<Entity>> {
    let mut select = scope.find::<Entity>();
    if let Some(text) = &filter.search {
        searchable("filter.search", text)?;
        select = select.filter(mentions(scope, text));
    }
    if let Some(is_group) = filter.is_group {
        select = select.filter(Column::IsGroup.eq(is_group));
    }
    if let Some(wanted) = filter.unread {
        let waiting = unread(scope).select_only().column(message::Column::ConversationId).into_query();
        let waiting = Column::Id.in_subquery(waiting);
        select = select.filter(if wanted { waiting } else { waiting.not() });
    }
    let latest = Key {
        expr: Expr::col((Entity, Column::LastMessageAt)),
        descending: true,
        nullable: false,
        mark: |row: &Model| Mark::At(row.last_message_at),
    };
    Ok(Listing { select, keys: vec![latest], name: format!("conversations {filter:?}") })
}

fn mentions(scope: &Scope, text: &str) -> Condition {
    let mut others = Query::select();
    others
        .column((participant::Entity, participant::Column::ConversationId))
        .from(participant::Entity)
        .join(
            JoinType::InnerJoin,
            user::Entity,
            Expr::col((user::Entity, user::Column::Id)).equals((participant::Entity, participant::Column::UserId)),
        )
        .and_where(participant::Column::UserId.ne(scope.viewer().id.clone()))
        .and_where(Expr::col((user::Entity, user::Column::NameFolded)).like(anywhere(text)))
        // Whoever has left a group is no longer one of its people; a pair stays a pair.
        .and_where(participant::Column::LeftAt.is_null().or(Column::PairKey.is_not_null()));
    Condition::any()
        .add(Expr::col((Entity, Column::TitleFolded)).like(anywhere(text)))
        .add(Column::Id.in_subquery(others))
}
