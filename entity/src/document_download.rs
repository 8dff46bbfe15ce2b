//! One download of a document by one person. The table `document_downloads`.

use sea_orm::entity::prelude::*;

use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "document_downloads")]
pub struct Model {
    /// The id of the download.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the download was recorded, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// The document.
    #[sea_orm(column_name = "documentId")]
    pub document_id: Id,
    /// The person who downloaded it.
    #[sea_orm(column_name = "userId")]
    pub user_id: Id,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
