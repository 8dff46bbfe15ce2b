//! Who comes to reach a project, and who no longer does, by what a transaction changes.
//!
//! Being the manager, on the team, or assigned a step, alert or task opens a project to people of limited sight. The
//! transaction asks who reaches it before the first such change and again at the end; the difference goes into the
//! change log, so that boards gain and lose cards the moment a team changes.

use std::collections::{BTreeMap, HashSet};

use entity::scalar::Id;
use entity::{project, project_workflow, workflow_alert};
use sea_orm::sea_query::ValueType;
use sea_orm::{ActiveModelTrait, ColumnTrait, ModelTrait, QueryFilter, Value};

use crate::data::changes::Feed;
use crate::data::reach::{Guarded, live_alerts, of_limited_sight, who_reaches};
use crate::data::tx::{Tx, column, id_of};
use crate::error::{Error, Result};

/// For each project touched: whose reach may change, and who of them reached it before.
#[derive(Default)]
pub(in crate::data) struct Watch(BTreeMap<Id, Watched>);

#[derive(Default)]
struct Watched {
    /// Made, or taken away, by this very transaction: everybody's reach changes.
    whole: bool,
    users: HashSet<Id>,
    /// Those of them who do not see every project anyway.
    limited: HashSet<Id>,
    before: HashSet<Id>,
}

impl Tx<'_> {
    pub(in crate::data) async fn watch_insert<E: Guarded>(&mut self, row: &E::ActiveModel) -> Result<()> {
        let named = |name: &str| column::<E>(name).and_then(|column| row.get(column).into_value()).and_then(id);
        if E::NAME == project::Entity::NAME {
            let whole = Watched { whole: true, ..Watched::default() };
            named(E::PROJECT).and_then(|project| self.sight.0.insert(project, whole));
            return Ok(());
        }
        let people: Vec<Id> = E::OPENS_TO.iter().filter_map(|name| named(name)).collect();
        self.watch::<E>(named(E::PROJECT), people).await
    }

    pub(in crate::data) async fn watch_save<E: Guarded>(&mut self, before: &E::Model, after: &E::Model) -> Result<()> {
        let people = E::OPENS_TO.iter().map(|name| (named::<E>(before, name), named::<E>(after, name)));
        let changed = people.filter(|(old, new)| old != new).flat_map(|(old, new)| [old, new]).flatten().collect();
        self.watch::<E>(named::<E>(before, E::PROJECT), changed).await
    }

    pub(in crate::data) async fn watch_delete<E: Guarded>(&mut self, row: &E::Model) -> Result<()> {
        if E::NAME == project::Entity::NAME {
            let project = id_of::<E>(row);
            let before = who_reaches(&project, None, self.db().await?).await?;
            self.sight.0.insert(project, Watched { whole: true, before, ..Watched::default() });
            return Ok(());
        }
        let people = E::OPENS_TO.iter().filter_map(|name| named::<E>(row, name)).collect();
        self.watch::<E>(named::<E>(row, E::PROJECT), people).await
    }

    async fn watch<E: Guarded>(&mut self, project: Option<Id>, people: Vec<Id>) -> Result<()> {
        let Some(mut project) = project.filter(|_| !people.is_empty()) else { return Ok(()) };
        if E::PROJECT == "workflowId" {
            project = self.project_of(&project).await?;
        }
        let watched = self.sight.0.entry(project.clone()).or_default();
        if watched.whole {
            return Ok(());
        }
        let new: Vec<Id> = people.into_iter().filter(|person| watched.users.insert(person.clone())).collect();
        if new.is_empty() {
            return Ok(());
        }
        // Mostly those who see every project anyway: asked first, since it costs a fraction of the rest.
        let limited = of_limited_sight(&new, self.db_for(&["users", "role_assignments"]).await?).await?;
        if !limited.is_empty() {
            let before = who_reaches(&project, Some(&limited), self.db().await?).await?;
            let watched = self.sight.0.entry(project).or_default();
            watched.before.extend(before);
            watched.limited.extend(limited);
        }
        Ok(())
    }

    async fn project_of(&self, workflow: &Id) -> Result<Id> {
        let same = project_workflow::Column::Id.eq(workflow.clone());
        let row = self.first(self.find_any::<project_workflow::Entity>().filter(same)).await?;
        row.map(|row| row.project_id).ok_or_else(|| Error::internal("a step without its workflow"))
    }

    /// At the end: who reaches each project now and did not before, and the other way round.
    pub(in crate::data) async fn settle_sight(&mut self) -> Result<()> {
        for (project, watched) in std::mem::take(&mut self.sight.0) {
            if !watched.whole && watched.limited.is_empty() {
                continue;
            }
            let limited: Vec<Id> = watched.limited.iter().cloned().collect();
            let asked = (!watched.whole).then_some(limited.as_slice());
            let after = who_reaches(&project, asked, self.db().await?).await?;
            let gained: Vec<Id> = after.difference(&watched.before).cloned().collect();
            let lost: Vec<Id> = watched.before.difference(&after).cloned().collect();
            if gained.is_empty() && lost.is_empty() {
                continue;
            }
            self.pending.reach(&Feed::part_of_project(&project), &gained, &lost);
            if watched.whole {
                self.pending.lost_with(&project, &lost);
            }
            let this = workflow_alert::Column::ProjectId.eq(project);
            let alerts = self.all(self.find_any::<workflow_alert::Entity>().filter(this).filter(live_alerts())).await?;
            for feed in alerts.iter().filter_map(workflow_alert::Entity::feed) {
                self.pending.reach(&feed, &gained, &lost);
            }
        }
        Ok(())
    }
}

fn named<E: Guarded>(row: &E::Model, name: &str) -> Option<Id> {
    column::<E>(name).and_then(|column| id(row.get(column)))
}

fn id(value: Value) -> Option<Id> {
    <Option<Id> as ValueType>::try_from(value).ok().flatten()
}
