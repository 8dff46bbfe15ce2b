//! A file of a project: one version of it. The table `documents`.

use sea_orm::entity::prelude::*;

use crate::enums::DocumentType;
use crate::list::List;
use crate::placed::Placed;
use crate::scalar::{Id, Instant};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "documents")]
pub struct Model {
    /// The id of the document.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the document was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the document last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The name under which the file is stored.
    #[sea_orm(column_name = "fileName", column_type = "String(StringLen::N(255))")]
    pub file_name: String,
    /// The name that the file had when it was uploaded.
    #[sea_orm(column_name = "originalName", column_type = "String(StringLen::N(255))")]
    pub original_name: String,
    /// Where the file can be fetched, as a path or URL.
    #[sea_orm(column_name = "fileUrl", column_type = "String(StringLen::N(1000))")]
    pub file_url: String,
    /// The type of the content, for example "application/pdf".
    #[sea_orm(column_name = "mimeType", column_type = "String(StringLen::N(100))")]
    pub mime_type: String,
    /// The size in bytes.
    #[sea_orm(column_name = "fileSize")]
    pub file_size: i32,
    /// What kind of document it is.
    #[sea_orm(column_name = "fileType")]
    pub file_type: DocumentType,
    /// What it shows or says; null if nothing was entered.
    #[sea_orm(column_type = "String(StringLen::N(1000))", nullable)]
    pub description: Option<String>,
    /// Words to find it by.
    #[sea_orm(column_type = "JsonBinary")]
    pub tags: List<String>,
    /// The version, counted from 1.
    pub version: i32,
    /// False once it was removed or replaced by a newer version.
    #[sea_orm(column_name = "isActive")]
    pub is_active: bool,
    /// How often it was downloaded.
    #[sea_orm(column_name = "downloadCount")]
    pub download_count: i32,
    /// When it was last downloaded; null if never.
    #[sea_orm(column_name = "lastDownloadedAt", nullable)]
    pub last_downloaded_at: Option<Instant>,
    /// The SHA-256 of the content, in hexadecimal; null if unknown.
    #[sea_orm(column_type = "String(StringLen::N(255))", nullable)]
    pub checksum: Option<String>,
    /// May the project's customer see it?
    #[sea_orm(column_name = "isPublic")]
    pub is_public: bool,
    /// The project that it belongs to.
    #[sea_orm(column_name = "projectId")]
    pub project_id: Id,
    /// The person who uploaded it.
    #[sea_orm(column_name = "uploadedById")]
    pub uploaded_by_id: Id,
    /// The version that this one replaces; null for the first, or once that one is deleted. (An addition to the
    /// report.)
    #[sea_orm(column_name = "previousVersionId", nullable)]
    pub previous_version_id: Option<Id>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
