//! How a person usually types, moves and works, to notice when it is somebody else. The table `user_behavior_patterns`.

use sea_orm::entity::prelude::*;

use crate::placed::Placed;
use crate::scalar::{Id, Instant, Score};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Placed)]
#[sea_orm(table_name = "user_behavior_patterns")]
pub struct Model {
    /// The id of the pattern.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// When the pattern was created, in UTC.
    #[sea_orm(column_name = "createdAt")]
    pub created_at: Instant,
    /// When the pattern last changed, in UTC. It grows with every change.
    #[sea_orm(column_name = "updatedAt")]
    pub updated_at: Instant,
    /// The person.
    #[sea_orm(column_name = "userId", unique)]
    pub user_id: Id,
    /// The rhythm of typing, as JSON; null while unknown.
    #[sea_orm(column_name = "keystrokePatterns", column_type = "JsonBinary", nullable)]
    pub keystroke_patterns: Option<Json>,
    /// The movements of the mouse, as JSON; null while unknown.
    #[sea_orm(column_name = "mousePatterns", column_type = "JsonBinary", nullable)]
    pub mouse_patterns: Option<Json>,
    /// The touches on a screen, as JSON; null while unknown.
    #[sea_orm(column_name = "touchPatterns", column_type = "JsonBinary", nullable)]
    pub touch_patterns: Option<Json>,
    /// The usual hours and places, as JSON; null while unknown.
    #[sea_orm(column_name = "usagePatterns", column_type = "JsonBinary", nullable)]
    pub usage_patterns: Option<Json>,
    /// The voice, as JSON; null while unknown.
    #[sea_orm(column_name = "voicePattern", column_type = "JsonBinary", nullable)]
    pub voice_pattern: Option<Json>,
    /// The usual risk score, from 0 to 100 with two decimals; null while unknown.
    #[sea_orm(column_name = "riskBaseline", nullable)]
    pub risk_baseline: Option<Score>,
    /// From which distance on something is unusual, with two decimals; null for the default.
    #[sea_orm(column_name = "anomalyThreshold", nullable)]
    pub anomaly_threshold: Option<Score>,
    /// When the patterns were last worked out; null if never.
    #[sea_orm(column_name = "lastAnalysis", nullable)]
    pub last_analysis: Option<Instant>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
