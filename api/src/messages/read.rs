//! A person has read messages of a project's record. Nobody is told, and the messages stay as they were written.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::InputObject;
use entity::list::List;
use entity::project_message::{Column, Entity, Model};
use entity::scalar::Id;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::data::access::Permission;
use crate::data::tx::{Tx, UseCase};
use crate::error::{Error, Result};
use crate::messages::types::has_read;

/// As many as a page has.
const AT_ONCE: usize = 200;

/// Messages of one project that the signed-in user has read.
#[derive(Clone, Debug, InputObject)]
pub struct MarkProjectMessagesReadInput {
    /// The project whose record they belong to.
    pub project_id: Id,
    /// The messages, 200 at the most.
    pub message_ids: Vec<Id>,
}

/// Adds the viewer to the messages' readers. Answers the project's id.
pub struct MarkProjectMessagesRead {
    pub input: MarkProjectMessagesReadInput,
}

impl UseCase for MarkProjectMessagesRead {
    type Output = Id;
    const PERMISSION: Permission = Permission::Staff;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Id> {
        let ids: BTreeSet<&Id> = self.input.message_ids.iter().collect();
        if ids.len() > AT_ONCE {
            return Err(Error::input("input.messageIds", format!("At most {AT_ONCE} messages at a time.")));
        }
        // Readers are written as whole lists; the lock keeps two people from writing over each other.
        let project = tx.lock::<entity::project::Entity>(&self.input.project_id).await?.id;
        let named = tx.find::<Entity>().filter(Column::ProjectId.eq(project.clone()));
        let rows = tx.all(named.filter(Column::Id.is_in(ids.iter().map(|id| (*id).clone())))).await?;
        if rows.len() < ids.len() {
            return Err(Error::NotFound("This project's record has no such message.".into()));
        }
        add_reader(tx, &rows).await?;
        Ok(project)
    }
}

/// Messages that the same people have read are one statement: of a page most are.
async fn add_reader(tx: &Tx<'_>, rows: &[Model]) -> Result<()> {
    let Some(me) = tx.viewer().user() else { return Ok(()) };
    let mut alike: BTreeMap<&[String], Vec<Id>> = BTreeMap::new();
    for row in rows.iter().filter(|row| !has_read(row, &me)) {
        alike.entry(&row.read_by).or_default().push(row.id.clone());
    }
    for (readers, ids) in alike {
        let readers: List<String> = readers.iter().cloned().chain([me.as_str().to_owned()]).collect();
        let count = i32::try_from(readers.len()).unwrap_or(i32::MAX);
        let update = Entity::update_many()
            .col_expr(Column::ReadBy, Expr::value(readers))
            .col_expr(Column::ReadCount, Expr::value(count))
            .filter(Column::Id.is_in(ids));
        tx.update_all(update).await?;
    }
    Ok(())
}
