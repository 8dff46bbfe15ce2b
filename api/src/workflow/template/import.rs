//! Writing a template: by its keys (phase, section number, item letter), so that what running projects refer to keeps
//! its row. What the file no longer names is made inactive, never removed.

use std::collections::HashSet;

use entity::scalar::Id;
use entity::{workflow_line_item, workflow_phase, workflow_section};
use sea_orm::ActiveValue::Set;

use crate::data::access::Permission;
use crate::data::tx::{Tx, UseCase};
use crate::error::Result;
use crate::workflow::template::file::{LineItem, Phase, Section, Template};

pub struct ImportTemplate {
    pub template: Template,
    /// Does nothing where a template is there already: for several instances that start at once.
    pub only_if_none: bool,
}

/// How much a template holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    pub phases: usize,
    pub sections: usize,
    pub line_items: usize,
}

impl UseCase for ImportTemplate {
    type Output = Imported;
    const PERMISSION: Permission = Permission::System;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Imported> {
        // Counters are locked until the end: two imports at once take turns.
        tx.next_number("templateVersion", 1).await?;
        let known = Known {
            phases: tx.all(tx.find_any::<workflow_phase::Entity>()).await?,
            sections: tx.all(tx.find_any::<workflow_section::Entity>()).await?,
            items: tx.all(tx.find_any::<workflow_line_item::Entity>()).await?,
        };
        let mut imported = Imported::default();
        if self.only_if_none && !known.phases.is_empty() {
            return Ok(imported);
        }
        let mut kept = HashSet::new();
        for phase in &self.template.phases {
            let phase_id = known.phase(tx, phase).await?;
            imported.phases += 1;
            for section in &phase.sections {
                let section_id = known.section(tx, &phase_id, section).await?;
                imported.sections += 1;
                for item in &section.line_items {
                    kept.insert(known.item(tx, &section_id, item).await?);
                    imported.line_items += 1;
                }
                kept.insert(section_id);
            }
            kept.insert(phase_id);
        }
        known.retire(tx, &kept).await?;
        Ok(imported)
    }
}

/// The template as it stands.
struct Known {
    phases: Vec<workflow_phase::Model>,
    sections: Vec<workflow_section::Model>,
    items: Vec<workflow_line_item::Model>,
}

impl Known {
    async fn phase(&self, tx: &mut Tx<'_>, from: &Phase) -> Result<Id> {
        if let Some(row) = self.phases.iter().find(|row| row.phase_type == from.phase_type) {
            let after = workflow_phase::Model {
                phase_name: from.phase_name.clone(),
                display_order: from.display_order,
                description: from.description.clone(),
                is_active: from.is_active,
                ..row.clone()
            };
            return Ok(tx.save::<workflow_phase::Entity>(row, after).await?.id);
        }
        let row = workflow_phase::ActiveModel {
            phase_name: Set(from.phase_name.clone()),
            phase_type: Set(from.phase_type),
            display_order: Set(from.display_order),
            description: Set(from.description.clone()),
            is_active: Set(from.is_active),
            ..Default::default()
        };
        Ok(tx.insert::<workflow_phase::Entity>(row).await?.id)
    }

    async fn section(&self, tx: &mut Tx<'_>, phase: &Id, from: &Section) -> Result<Id> {
        let same = |row: &&workflow_section::Model| row.phase_id == *phase && row.section_number == from.section_number;
        if let Some(row) = self.sections.iter().find(same) {
            let after = workflow_section::Model {
                section_name: from.section_name.clone(),
                display_name: from.display_name.clone(),
                display_order: from.display_order,
                description: from.description.clone(),
                is_active: from.is_active,
                ..row.clone()
            };
            return Ok(tx.save::<workflow_section::Entity>(row, after).await?.id);
        }
        let row = workflow_section::ActiveModel {
            section_number: Set(from.section_number.clone()),
            section_name: Set(from.section_name.clone()),
            display_name: Set(from.display_name.clone()),
            display_order: Set(from.display_order),
            description: Set(from.description.clone()),
            is_active: Set(from.is_active),
            phase_id: Set(phase.clone()),
            ..Default::default()
        };
        Ok(tx.insert::<workflow_section::Entity>(row).await?.id)
    }

    async fn item(&self, tx: &mut Tx<'_>, section: &Id, from: &LineItem) -> Result<Id> {
        let same = |row: &&workflow_line_item::Model| row.section_id == *section && row.item_letter == from.item_letter;
        if let Some(row) = self.items.iter().find(same) {
            let after = workflow_line_item::Model {
                item_name: from.item_name.clone(),
                responsible_role: from.responsible_role,
                display_order: from.display_order,
                description: from.description.clone(),
                is_active: from.is_active,
                estimated_minutes: from.estimated_minutes,
                alert_days: from.alert_days,
                ..row.clone()
            };
            return Ok(tx.save::<workflow_line_item::Entity>(row, after).await?.id);
        }
        let row = workflow_line_item::ActiveModel {
            item_letter: Set(from.item_letter.clone()),
            item_name: Set(from.item_name.clone()),
            responsible_role: Set(from.responsible_role),
            display_order: Set(from.display_order),
            description: Set(from.description.clone()),
            is_active: Set(from.is_active),
            estimated_minutes: Set(from.estimated_minutes),
            alert_days: Set(from.alert_days),
            section_id: Set(section.clone()),
            ..Default::default()
        };
        Ok(tx.insert::<workflow_line_item::Entity>(row).await?.id)
    }

    async fn retire(&self, tx: &mut Tx<'_>, kept: &HashSet<Id>) -> Result<()> {
        for row in self.phases.iter().filter(|row| !kept.contains(&row.id)) {
            tx.save::<workflow_phase::Entity>(row, workflow_phase::Model { is_active: false, ..row.clone() }).await?;
        }
        for row in self.sections.iter().filter(|row| !kept.contains(&row.id)) {
            tx.save::<workflow_section::Entity>(row, workflow_section::Model { is_active: false, ..row.clone() })
                .await?;
        }
        for row in self.items.iter().filter(|row| !kept.contains(&row.id)) {
            let after = workflow_line_item::Model { is_active: false, ..row.clone() };
            tx.save::<workflow_line_item::Entity>(row, after).await?;
        }
        Ok(())
    }
}
