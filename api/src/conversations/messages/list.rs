//! The lists of messages, newest first, and what counts as unread.

use entity::conversation_participant as participant;
use entity::enums::MessageType;
use entity::message::{Column, Entity, Model};
use entity::message_read;
use entity::scalar::Id;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect, Select};

use crate::data::cursor::Mark;
use crate::data::listing::{Key, Listing};
use crate::data::scope::Scope;
use crate::data::tally::Tally;
use crate::error::{Error, Result};
use crate::fold::anywhere;
use crate::input;

/// Every message of one's own conversations, newest first.
pub(in crate::conversations) fn listing(scope: &Scope) -> Listing<Entity> {
    let newest = Key {
        expr: Expr::col((Entity, Column::CreatedAt)),
        descending: true,
        nullable: false,
        mark: |row: &Model| Mark::At(row.created_at),
    };
    Listing { select: scope.find::<Entity>(), keys: vec![newest], name: "messages".to_owned() }
}

/// Those that say this, in one conversation or in all of one's own. What was deleted is not found, nor what the system
/// noted down: neither has a folded text.
///
/// # Errors
/// BAD_USER_INPUT for a query that cannot find anything.
pub(in crate::conversations) fn saying(
    scope: &Scope,
    query: &str,
    conversation: Option<&Id>,
) -> Result<Listing<Entity>> {
    searchable("query", query)?;
    let Listing { select, keys, name } = listing(scope);
    let said = Expr::col((Entity, Column::TextFolded)).like(anywhere(query));
    let within = conversation.map(|id| Column::ConversationId.eq(id.clone()));
    let select = select.filter(Condition::all().add(said).add_option(within));
    Ok(Listing { select, keys, name: format!("{name} {query:?} {conversation:?}") })
}

/// # Errors
/// BAD_USER_INPUT for a text that no search can find.
pub(in crate::conversations) fn searchable(argument: &str, text: &str) -> Result<()> {
    if text.trim().is_empty() {
        return Err(Error::input(argument, "Search for 1 to 200 characters."));
    }
    input::search(argument, Some(text.trim()))
}

/// What others have said to this person: not deleted, and by people.
pub(super) fn for_somebody_else(select: Select<Entity>, person: &Id) -> Select<Entity> {
    select
        .filter(Column::SenderId.ne(person.clone()))
        .filter(Column::IsDeleted.eq(false))
        .filter(Column::MessageType.ne(MessageType::System))
}

/// Has this person a mark on the message?
pub(super) fn read_by(person: &Id) -> SimpleExpr {
    let marks = Query::select()
        .column((message_read::Entity, message_read::Column::MessageId))
        .from(message_read::Entity)
        .and_where(Expr::col((message_read::Entity, message_read::Column::MessageId)).equals((Entity, Column::Id)))
        .and_where(message_read::Column::UserId.eq(person.clone()))
        .to_owned();
    Expr::exists(marks)
}

/// What others said since the viewer came, and the viewer has not read.
pub(in crate::conversations) fn unread(scope: &Scope) -> Select<Entity> {
    let me = &scope.viewer().id;
    let mut select = for_somebody_else(scope.find::<Entity>(), me).filter(read_by(me).not());
    let after =
        |mark: participant::Column| Expr::col((Entity, Column::CreatedAt)).gt(Expr::col((participant::Entity, mark)));
    let mine = Condition::all()
        .add(
            Expr::col((participant::Entity, participant::Column::ConversationId))
                .equals((Entity, Column::ConversationId)),
        )
        .add(participant::Column::UserId.eq(me.clone()))
        .add(after(participant::Column::JoinedAt))
        .add(participant::Column::LastReadAt.is_null().or(after(participant::Column::LastReadAt)));
    QuerySelect::query(&mut select).join(JoinType::InnerJoin, participant::Entity, mine);
    select
}

/// How many of them a conversation has.
pub(in crate::conversations) fn unread_in(scope: &Scope) -> Tally<Entity> {
    Tally { name: "unread", parent: "conversationId", select: unread(scope) }
}

/// The viewer's own mark on a message: one or none.
pub(super) fn my_mark(scope: &Scope) -> Tally<message_read::Entity> {
    let mine = message_read::Column::UserId.eq(scope.viewer().id.clone());
    Tally { name: "read by me", parent: "messageId", select: scope.find::<message_read::Entity>().filter(mine) }
}
