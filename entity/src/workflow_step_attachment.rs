//! A document attached to a step of a workflow. The table `workflow_step_attachments`.

use sea_orm::entity::prelude::*;

use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "workflow_step_attachments")]
pub struct Model {
    /// The id of the attachment.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the attachment was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// The step.
    #[sea_orm(column_name = "stepId")]
    pub step_id: Id,
    /// The document.
    #[sea_orm(column_name = "documentId")]
    pub document_id: Id,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
