//! A person has read notifications: one, or all there are. Their other screens are told.

use entity::notification::{Column, Entity, Model};
use entity::scalar::{Id, Instant};
use entity::user;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::data::access::Permission;
use crate::data::reach::Guarded;
use crate::data::tx::{Tx, UseCase};
use crate::error::Result;

/// As many as one statement takes.
const AT_ONCE: usize = 5_000;

/// Marks one notification of the viewer.
pub struct MarkNotificationRead {
    pub id: Id,
}

impl UseCase for MarkNotificationRead {
    type Output = ();
    const PERMISSION: Permission = Permission::SignedIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let row = tx.lock::<Entity>(&self.id).await?;
        if row.is_read {
            return Ok(());
        }
        let read = Model { is_read: true, read_at: Some(tx.now()), ..row.clone() };
        tx.save::<Entity>(&row, read).await?;
        Ok(())
    }
}

/// Marks every unread notification of the viewer, or those created until an instant. Answers how many.
pub struct MarkAllNotificationsRead {
    pub until: Option<Instant>,
}

impl UseCase for MarkAllNotificationsRead {
    type Output = i64;
    const PERMISSION: Permission = Permission::SignedIn;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<i64> {
        let me = tx.viewer().id.clone();
        tx.lock::<user::Entity>(&me).await?;
        let mut unread = tx.find::<Entity>().filter(Column::RecipientId.eq(me)).filter(Column::IsRead.eq(false));
        if let Some(until) = self.until {
            unread = unread.filter(Column::CreatedAt.lte(until));
        }
        let unread = tx.all(unread).await?;
        let mut marked = 0;
        for rows in unread.chunks(AT_ONCE) {
            marked += mark(tx, rows).await?;
        }
        Ok(i64::try_from(marked).unwrap_or(i64::MAX))
    }
}

/// Marks these in one statement. One that was read or thrown away meanwhile is not counted and not told of.
async fn mark(tx: &mut Tx<'_>, rows: &[Model]) -> Result<usize> {
    // One instant for all, later than any of them last changed.
    let touched =
        rows.iter().map(|row| row.updated_at + chrono::Duration::milliseconds(1)).fold(tx.now(), Instant::max);
    let update = Entity::update_many()
        .col_expr(Column::IsRead, Expr::value(true))
        .col_expr(Column::ReadAt, Expr::value(tx.now()))
        .col_expr(Column::UpdatedAt, Expr::value(touched))
        .filter(Column::IsRead.eq(false))
        .filter(Column::Id.is_in(rows.iter().map(|row| row.id.clone())));
    let marked = tx.update_returning(update).await?;
    for feed in marked.iter().filter_map(Entity::feed) {
        tx.tell(feed);
    }
    Ok(marked.len())
}
