//! Alerts as they come, change and go.

use async_graphql::{Context, SimpleObject, Subscription};
use entity::enums::ChangeKind;
use entity::scalar::Id;
use futures_util::{Stream, StreamExt};

use crate::alerts::list::AlertFilter;
use crate::alerts::types::WorkflowAlert;
use crate::data::page::Node;
use crate::data::scope::Asking;
use crate::data::stream::Seen;
use crate::data::told::Told;
use crate::error::Result;

/// A change of an alert.
#[derive(SimpleObject)]
pub struct AlertChange {
    /// Pass it as `after` to go on from here.
    cursor: String,
    /// What happened; DELETED also when the alert is no longer within the viewer's reach.
    kind: ChangeKind,
    /// The alert's id, for every kind.
    id: Id,
    /// The alert as it is now; null for DELETED.
    alert: Option<WorkflowAlert>,
}

impl From<Seen> for AlertChange {
    fn from(seen: Seen) -> Self {
        let alert = match seen.told() {
            Some(Told::Alert(row)) => Some(WorkflowAlert::of(row.clone())),
            _ => None,
        };
        Self { cursor: seen.cursor, kind: seen.kind, id: seen.id, alert }
    }
}

#[derive(Default)]
pub struct AlertsSubscription;

#[Subscription]
impl AlertsSubscription {
    /// Changes of alerts that match the filter now or matched it before the change, so that a board sees cards leave
    /// as well as arrive.
    async fn alert_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which alerts; all within the viewer's reach if left out.")] filter: Option<AlertFilter>,
        #[graphql(desc = "Everything after this cursor first, then what happens from now on.")] after: Option<String>,
    ) -> Result<impl Stream<Item = Result<AlertChange>> + 'static> {
        let scope = ctx.scope()?;
        let viewer = scope.viewer().id.clone();
        let filter = filter.unwrap_or_default();
        let changes = scope.changes("workflow_alerts", after).await?;
        Ok(changes.filter_map(move |seen| {
            let told = seen.as_ref().map_or(true, |seen| {
                [&seen.event.before, &seen.event.after].into_iter().flatten().any(|keys| filter.matches(keys, &viewer))
            });
            std::future::ready(told.then(|| seen.map(AlertChange::from)))
        }))
    }
}
