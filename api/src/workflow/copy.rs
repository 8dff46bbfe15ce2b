//! A project's own copy of the template: sections become steps, line items become subtasks. From then on the engine
//! reads the copy alone, so that editing the template never disturbs a running project.

use std::collections::{HashMap, HashSet};

use entity::scalar::Id;
use entity::{workflow_line_item, workflow_phase, workflow_section, workflow_step, workflow_subtask};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, QueryFilter};

use crate::data::ids::new_id;
use crate::data::tx::{Tx, by_id};
use crate::error::{Error, Result};
use crate::workflow::rules::wording::cut;

/// A section with the active line items to copy, in order.
pub(crate) struct Section {
    phase: workflow_phase::Model,
    section: workflow_section::Model,
    items: Vec<workflow_line_item::Model>,
}

/// The sections a project is to follow, in order: those named, or all active ones. Without active items a section is
/// left out.
///
/// # Errors
/// BAD_USER_INPUT for unknown sections or ones with nothing to do; CONFLICT where there is no template.
pub(crate) async fn sections(tx: &Tx<'_>, named: Option<&[Id]>) -> Result<Vec<Section>> {
    let phases = by_id::<workflow_phase::Entity>(tx.all(tx.find_any::<workflow_phase::Entity>()).await?);
    let sections = tx.all(tx.find_any::<workflow_section::Entity>()).await?;
    if let Some(named) = named {
        let known: HashSet<&Id> = sections.iter().map(|section| &section.id).collect();
        let unknown: Vec<&str> = named.iter().filter(|id| !known.contains(id)).map(Id::as_str).collect();
        if !unknown.is_empty() {
            return Err(Error::input(
                "input.sectionIds",
                format!("There are no such sections: {}.", unknown.join(", ")),
            ));
        }
    }
    let active = workflow_line_item::Column::IsActive.eq(true);
    let mut items: HashMap<Id, Vec<workflow_line_item::Model>> = HashMap::new();
    for item in tx.all(tx.find_any::<workflow_line_item::Entity>().filter(active)).await? {
        items.entry(item.section_id.clone()).or_default().push(item);
    }
    let mut chosen: Vec<Section> = sections
        .into_iter()
        .filter_map(|section| {
            let phase = phases.get(&section.phase_id)?.clone();
            let wanted = named.map_or(section.is_active && phase.is_active, |named| named.contains(&section.id));
            let mut items = items.remove(&section.id).filter(|_| wanted)?;
            items.sort_by(|a, b| (a.display_order, &a.id).cmp(&(b.display_order, &b.id)));
            Some(Section { phase, section, items })
        })
        .collect();
    chosen.sort_by(|a, b| order(a).cmp(&order(b)));
    match (chosen.is_empty(), named) {
        (false, _) => Ok(chosen),
        (true, Some(_)) => Err(Error::input("input.sectionIds", "None of these sections has anything to do in it.")),
        (true, None) => {
            Err(Error::conflict("There is no workflow template yet. Import one: ridgeline template import FILE"))
        }
    }
}

fn order(section: &Section) -> (i32, i32, &Id) {
    (section.phase.display_order, section.section.display_order, &section.section.id)
}

/// Writes the copy: two statements or a few more, whatever the size.
///
/// # Errors
/// INTERNAL when the database fails.
pub(crate) async fn insert(tx: &mut Tx<'_>, workflow: &Id, sections: &[Section]) -> Result<()> {
    let (steps, subtasks) = rows(workflow, sections);
    tx.insert_all::<workflow_step::Entity>(steps).await?;
    tx.insert_all::<workflow_subtask::Entity>(subtasks).await
}

/// The steps and subtasks of a workflow that follows these sections.
pub(crate) fn rows(
    workflow: &Id,
    sections: &[Section],
) -> (Vec<workflow_step::ActiveModel>, Vec<workflow_subtask::ActiveModel>) {
    let (mut steps, mut subtasks) = (Vec::new(), Vec::new());
    for (order, section) in (0..).zip(sections) {
        let step = new_id();
        subtasks.extend(section.items.iter().map(|item| subtask(&step, item)));
        steps.push(self::step(step, workflow, order, section));
    }
    (steps, subtasks)
}

fn step(id: Id, workflow: &Id, order: i32, from: &Section) -> workflow_step::ActiveModel {
    let Section { phase, section, items } = from;
    let description = section.description.as_ref().unwrap_or(&section.display_name);
    let responsible = items.first().map_or(entity::enums::ResponsibleRole::Office, |item| item.responsible_role);
    workflow_step::ActiveModel {
        id: Set(id),
        step_id: Set(section.id.0.clone()),
        step_name: Set(section.section_name.clone()),
        description: Set(cut(description, 1_000)),
        phase: Set(phase.phase_type),
        default_responsible: Set(responsible),
        estimated_duration: Set(items.iter().map(|item| item.estimated_minutes).fold(0, i32::saturating_add)),
        step_order: Set(order),
        alert_days: Set(items.iter().map(|item| item.alert_days).max().unwrap_or(1)),
        workflow_id: Set(workflow.clone()),
        ..Default::default()
    }
}

fn subtask(step: &Id, from: &workflow_line_item::Model) -> workflow_subtask::ActiveModel {
    workflow_subtask::ActiveModel {
        sub_task_id: Set(from.id.0.clone()),
        sub_task_name: Set(from.item_name.clone()),
        description: Set(from.description.clone()),
        step_id: Set(step.clone()),
        line_item_id: Set(Some(from.id.clone())),
        display_order: Set(from.display_order),
        responsible_role: Set(from.responsible_role),
        estimated_minutes: Set(from.estimated_minutes),
        alert_days: Set(from.alert_days),
        ..Default::default()
    }
}
