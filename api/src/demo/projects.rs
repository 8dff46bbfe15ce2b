//! One sample project: what was entered, and how it went from its first day until now.

use std::collections::{HashMap, HashSet};

use chrono::Duration;
use entity::enums::{Priority, ProjectPhase};
use entity::scalar::{Id, Instant, Money};
use entity::{customer, project, project_team_member};
use rust_decimal::Decimal;
use sea_orm::ActiveValue::Set;

use super::alerts::Alerts;
use super::begin::{self, Copy, UNTOUCHED};
use super::customers::{address, owner};
use super::dice::{Dice, Kind};
use super::hours::Hours;
use super::people::{Person, Staff};
use super::plots::{Deed, PLOTS, Pace, Plot};
use super::rows::Rows;
use super::site::Site;
use super::texts::{JOBS, NOTES, job};
use crate::data::ids::new_id;
use crate::error::{Error, Result};
use crate::fold::fold;
use crate::workflow::copy::Section;
use crate::workflow::rules::{Plan, Staffing, rank};
use crate::workflow::running::Running;

/// What the second project at a customer's is about.
const PARTS: [&str; 5] = ["garage", "back building", "guest house", "second phase", "carport"];

/// What all sample projects stand on.
pub(super) struct Ground {
    pub(super) now: Instant,
    pub(super) hours: Hours,
    pub(super) staff: Staff,
    pub(super) customers: Vec<customer::Model>,
    pub(super) sections: Vec<Section>,
    pub(super) phases: HashMap<ProjectPhase, Id>,
}

impl Ground {
    /// The rows of one project: the `index`-th, counted from 0.
    ///
    /// # Errors
    /// INTERNAL where the course of it breaks the rules.
    pub(super) fn project(&self, index: u32, number: i32, rows: &mut Rows) -> Result<()> {
        let dice = &mut Dice::of(Kind::Project, index);
        let plot = plot(index);
        let customer = self.customer(index)?;
        let manager = self.manager(plot, dice);
        let project = self.entered(number, index, customer, manager, dice);
        let (workflow, tracker, copy) = begin::workflow(&project, &self.sections)?;
        let plan = (begin::plan(&copy), self.phases.clone());
        let running = Running::begun((project, customer.clone()), (workflow, tracker), plan);
        let crew = self.crew(plot, dice);
        self.live(index, running, copy, &crew, rows)
    }

    /// From the first day until now.
    fn live(
        &self,
        index: u32,
        mut running: Running,
        mut copy: Copy,
        crew: &[(Person, &str)],
        rows: &mut Rows,
    ) -> Result<()> {
        let mut dice = Dice::of(Kind::Course, index);
        let plot = plot(index);
        let work = [Deed::Work(items(plot, index, &running.plan, &mut dice))];
        let count = work.iter().chain(plot.deeds).map(Deed::moments).sum();
        let last = self.last(plot.pace, &running.plan, &mut dice);
        let mut moments = self.hours.leading_to(last, count, &mut dice).into_iter();
        begun_at(&mut running, &mut copy, moments.next().unwrap_or(last), &mut dice);
        join(crew, &running.project, rows);
        let staffing = self.staffing(&running.project, crew);
        let staff = &self.staff;
        let alerts = Alerts { staff, staffing, closed: Vec::new() };
        let customer = running.customer.primary_name.clone();
        let creator = running.project.created_by_id.as_ref().and_then(|id| staff.find(id)).unwrap_or(&staff.manager);
        let mut site = Site { running, copy, touched: HashMap::new(), alerts, staff, dice, rows };
        site.open(creator, &customer)?;
        site.go_through(&work, &mut moments)?;
        site.go_through(plot.deeds, &mut moments)?;
        site.dice = Dice::of(Kind::Talk, index);
        site.aftermath(&plot.sequel, last, self.now);
        site.talk(&crew.iter().map(|(person, _)| person.clone()).collect::<Vec<_>>(), self.now);
        site.close(self.now)
    }

    fn customer(&self, index: u32) -> Result<&customer::Model> {
        let place = usize::try_from(owner(index)).map_err(Error::internal)?;
        self.customers.get(place).ok_or_else(|| Error::internal("a project of a customer that was not made"))
    }

    /// pm@ has half of the projects; fresh leads have nobody yet.
    fn manager(&self, plot: &Plot, dice: &mut Dice) -> Option<&Person> {
        let fresh = plot.phase == ProjectPhase::Lead && plot.percent < 50;
        let others = dice.pick(&self.staff.other_managers);
        (!fresh).then_some(if dice.one_in(2) { &self.staff.pm } else { others })
    }

    /// Once there is something to do on the roof, somebody is there to do it.
    fn crew(&self, plot: &Plot, dice: &mut Dice) -> Vec<(Person, &'static str)> {
        let staff = &self.staff;
        if rank(plot.phase) < rank(ProjectPhase::Approved) {
            return Vec::new();
        }
        let chances = [
            (&staff.foreman, "Foreman", 2),
            (&staff.worker, "Roofer", 2),
            (&staff.supervisor, "Roof supervisor", 2),
            (&staff.roofer, "Roofer", 3),
        ];
        let crew = chances.into_iter().filter(|(_, _, many)| dice.one_in(*many));
        crew.map(|(person, role, _)| (person.clone(), role)).collect()
    }

    /// The project as somebody entered it; when is set later.
    fn entered(
        &self,
        number: i32,
        index: u32,
        customer: &customer::Model,
        manager: Option<&Person>,
        dice: &mut Dice,
    ) -> project::Model {
        let kind = *dice.pick(&JOBS);
        let (description, least, most) = job(kind);
        let budget = Decimal::new(dice.between(least * 10_000, most * 10_000), 2);
        let name = name(index, customer, dice);
        project::Model {
            id: new_id(),
            created_at: self.now,
            updated_at: self.now,
            project_number: number,
            name_folded: fold(&name),
            project_name: name,
            project_type: kind,
            status: UNTOUCHED.0,
            archived: false,
            archived_at: None,
            progress: 0,
            description: Some(description.to_owned()),
            priority: *dice.pick(&[Priority::Low, Priority::Medium, Priority::Medium, Priority::High]),
            budget: Money::new(budget),
            estimated_cost: (!dice.one_in(4)).then(|| Money::new(budget * Decimal::new(dice.between(55, 85), 2))),
            actual_cost: None,
            start_date: self.now,
            end_date: self.now,
            notes: dice.one_in(4).then(|| (*dice.pick(&NOTES)).to_owned()),
            pm_phone: None,
            pm_email: None,
            customer_id: customer.id.clone(),
            project_manager_id: manager.map(|person| person.id.clone()),
            created_by_id: Some(manager.filter(|_| dice.one_in(3)).unwrap_or(&self.staff.manager).id.clone()),
            phase: None,
        }
    }

    fn staffing(&self, project: &project::Model, crew: &[(Person, &str)]) -> Staffing {
        Staffing {
            project_manager: project.project_manager_id.clone(),
            assignments: HashMap::new(),
            role_holders: self.staff.holders(),
            team: crew.iter().map(|(person, role)| (person.id.clone(), Some((*role).to_owned()))).collect(),
            active: self.staff.at_work().map(|person| person.id.clone()).collect::<HashSet<_>>(),
        }
    }

    /// When the last thing happened.
    fn last(&self, pace: Pace, plan: &Plan, dice: &mut Dice) -> Instant {
        let longest = plan.items().map(|(_, item)| i64::from(item.alert_days)).max().unwrap_or(1);
        match pace {
            Pace::OnTime => self.now + -dice.minutes(30, 20 * 60),
            Pace::PastDue => self.hours.by(self.now + -Duration::days(longest) + -dice.minutes(4 * 60, 12 * 1_440)),
            Pace::LongAgo => self.hours.by(self.now + -dice.minutes(4 * 1_440, 60 * 1_440)),
        }
    }
}

#[expect(clippy::indexing_slicing, reason = "the place is a remainder of the length")]
fn plot(index: u32) -> &'static Plot {
    &PLOTS[usize::try_from(index).unwrap_or_default() % PLOTS.len()]
}

/// How many items were completed by then. After the first round through the table, courses differ a little.
fn items(plot: &Plot, index: u32, plan: &Plan, dice: &mut Dice) -> usize {
    let first_round = usize::try_from(index).is_ok_and(|index| index < PLOTS.len());
    let percent = match plot.percent {
        sharp @ (0 | 100) => sharp,
        about if first_round => about,
        about => (about + dice.below(21)).saturating_sub(10).clamp(1, 99),
    };
    let before = plan.items().filter(|(step, _)| rank(step.phase) < rank(plot.phase)).count();
    let within = plan.items().filter(|(step, _)| step.phase == plot.phase).count();
    before + within * percent / 100
}

/// The building, or a part of it; the company with many buildings has another one each time.
fn name(index: u32, customer: &customer::Model, dice: &mut Dice) -> String {
    let again = index > 0 && (0..index).rev().take(16).any(|earlier| owner(earlier) == owner(index));
    if index % 11 == 5 && again {
        address(dice)
    } else if again {
        let part = PARTS.into_iter().zip(0..).find(|(_, place)| *place == index % 5).map_or("annex", |(part, _)| part);
        format!("{} ({part})", customer.address)
    } else {
        customer.address.clone()
    }
}

/// Puts the first day where it belongs, and the planned days after it.
fn begun_at(running: &mut Running, copy: &mut Copy, at: Instant, dice: &mut Dice) {
    for row in &mut copy.steps {
        (row.created_at, row.updated_at) = (at, at);
    }
    for row in &mut copy.subtasks {
        (row.created_at, row.updated_at) = (at, at);
    }
    (running.workflow.created_at, running.tracker.created_at) = (at, at);
    let project = &mut running.project;
    (project.created_at, project.updated_at) = (at, at);
    project.start_date = at + Duration::days(dice.between(20, 45));
    project.end_date = project.start_date + Duration::days(dice.between(2, 25));
}

fn join(crew: &[(Person, &str)], project: &project::Model, rows: &mut Rows) {
    for (person, role) in crew {
        rows.team.push(project_team_member::ActiveModel {
            created_at: Set(project.created_at),
            updated_at: Set(project.created_at),
            project_id: Set(project.id.clone()),
            user_id: Set(person.id.clone()),
            role: Set(Some((*role).to_owned())),
            ..Default::default()
        });
    }
}
