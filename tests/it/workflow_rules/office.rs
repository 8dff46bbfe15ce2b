//! An office in memory: it keeps what the tables would keep, does what people do, settles, and writes down the answer,
//! so that the rules can be watched over long, random histories.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use entity::enums::{ClosedReason, ProjectPhase};
use entity::scalar::{Id, Instant};
use ridgeline::workflow::rules::{
    ActiveOverride, Cause, Closed, Completion, Due, Facts, Figures, Halt, LiveAlert, PhaseMove, Plan, Position,
    Refusal, Settled, check_hold, complete, override_to, reopen, revert, settle,
};

/// What has become of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Live,
    Closed(Closed),
    /// By a person; the reason once the item has changed since.
    Dismissed(Option<ClosedReason>),
}

#[derive(Clone, Debug)]
pub struct Alert {
    pub id: Id,
    pub item: Id,
    pub fate: Fate,
}

#[derive(Clone, Debug)]
struct Override {
    id: Id,
    moved: PhaseMove,
    recorded: BTreeSet<Id>,
}

#[derive(Clone, Debug)]
pub struct Office {
    pub plan: Plan,
    pub position: Position,
    pub figures: Figures,
    pub alerts: Vec<Alert>,
    /// Every alert held back: the override and the item.
    pub held_back: Vec<(Id, Id)>,
    /// What the latest operation led to; none if it changed nothing.
    pub latest: Option<Settled>,
    /// Items whose alert a person dismissed and that have been open ever since; kept without asking the rules.
    pub left_alone: BTreeSet<Id>,
    overrides: Vec<Override>,
    archived: bool,
    alerts_on: bool,
    made: usize,
    now: Instant,
    /// How far the clock goes with each operation; it may stand still.
    tick: Duration,
}

impl Office {
    /// A project just created.
    pub fn new(plan: Plan, tick: Duration) -> Self {
        let now = Instant::new(DateTime::<Utc>::UNIX_EPOCH);
        let settled = settle(&plan, &Facts::default(), &Cause::Other, now);
        let mut office = Self {
            plan,
            position: settled.position.clone(),
            figures: settled.figures.clone(),
            alerts: Vec::new(),
            held_back: Vec::new(),
            latest: None,
            left_alone: BTreeSet::new(),
            overrides: Vec::new(),
            archived: false,
            alerts_on: true,
            made: 0,
            now,
            tick,
        };
        office.write(settled);
        office
    }

    /// The halts in force, read off what is stored.
    pub fn halts(&self) -> BTreeSet<Halt> {
        Halt::stored(self.figures.project_status, self.figures.workflow_status, self.archived, self.alerts_on)
    }

    pub fn active_override(&self) -> Option<ActiveOverride> {
        let active = self.overrides.last()?;
        let (id, suppresses, recorded) = (active.id.clone(), active.moved.suppresses.clone(), active.recorded.clone());
        Some(ActiveOverride { id, suppresses, recorded })
    }

    pub fn live(&self) -> Vec<&Alert> {
        self.alerts.iter().filter(|alert| alert.fate == Fate::Live).collect()
    }

    /// The items whose latest alert a person dismissed and that are as they were then.
    fn dismissed(&self) -> BTreeSet<Id> {
        let latest = |item: &Id| self.alerts.iter().rfind(|alert| alert.item == *item);
        let items = self.plan.items().map(|(_, item)| &item.id);
        items.filter(|item| latest(item).is_some_and(|alert| alert.fate == Fate::Dismissed(None))).cloned().collect()
    }

    fn facts(&self) -> Facts {
        let live = self.live().into_iter();
        Facts {
            halts: self.halts(),
            active_override: self.active_override(),
            live: live.map(|alert| LiveAlert { id: alert.id.clone(), item: Some(alert.item.clone()) }).collect(),
            dismissed: self.dismissed(),
            position: self.position.clone(),
            started_at: self.figures.started_at,
        }
    }

    pub fn complete(&mut self, item: &Id) -> Result<Completion, Refusal> {
        self.begin();
        let completion = complete(&mut self.plan, item, None, self.now)?;
        if completion == Completion::JustNow {
            self.settle(&self.facts(), &Cause::Completed(item.clone()));
        }
        Ok(completion)
    }

    pub fn reopen(&mut self, item: &Id) -> Result<(), Refusal> {
        self.begin();
        reopen(&mut self.plan, item)?;
        self.settle(&self.facts(), &Cause::Reopened(item.clone()));
        Ok(())
    }

    pub fn override_to(&mut self, to: ProjectPhase, suppress: Option<&[ProjectPhase]>) -> Result<(), Refusal> {
        self.begin();
        let moved = override_to(&mut self.plan, to, suppress, self.now)?;
        let id = self.fresh_id();
        self.overrides.push(Override { id, moved, recorded: BTreeSet::new() });
        self.settle(&self.facts(), &Cause::Overridden);
        Ok(())
    }

    pub fn revert(&mut self) -> Result<(), Refusal> {
        self.begin();
        let taken_back = self.overrides.pop().ok_or(Refusal::NotInForce)?;
        revert(&mut self.plan, &taken_back.moved.effects, self.now);
        self.settle(&self.facts(), &Cause::Overridden);
        Ok(())
    }

    /// Holds or resumes the project, cancels or resumes its workflow, archives it or not, switches its alerts.
    pub fn halt(&mut self, halt: Halt, on: bool) -> Result<(), Refusal> {
        self.begin();
        let mut facts = self.facts();
        match halt {
            Halt::Held if on => check_hold(&self.plan)?,
            Halt::Archived => self.archived = on,
            Halt::AlertsOff => self.alerts_on = !on,
            Halt::Held | Halt::Cancelled => {}
        }
        if on {
            facts.halts.insert(halt)
        } else {
            facts.halts.remove(&halt)
        };
        self.settle(&facts, &Cause::Other);
        Ok(())
    }

    /// A person dismisses the live alert.
    pub fn dismiss(&mut self) {
        self.begin();
        for alert in self.alerts.iter_mut().filter(|alert| alert.fate == Fate::Live) {
            alert.fate = Fate::Dismissed(None);
            self.left_alone.insert(alert.item.clone());
        }
    }

    /// What settling says again, of what is stored, at another time.
    pub fn settled_again(&self) -> Settled {
        settle(&self.plan, &self.facts(), &Cause::Other, self.now)
    }

    fn begin(&mut self) {
        self.now = self.now + self.tick;
        self.latest = None;
    }

    fn settle(&mut self, facts: &Facts, cause: &Cause) {
        let settled = settle(&self.plan, facts, cause, self.now);
        self.write(settled);
    }

    fn write(&mut self, settled: Settled) {
        self.position = settled.position.clone();
        self.figures = settled.figures.clone();
        for step in &mut self.plan.steps {
            if let Some((_, record)) = settled.steps.iter().find(|(id, _)| *id == step.id) {
                step.record = record.clone();
            }
        }
        for (item, reason) in &settled.alerting.lapsed {
            if let Some(alert) = self.alerts.iter_mut().rfind(|alert| alert.item == *item) {
                alert.fate = Fate::Dismissed(Some(*reason));
            }
        }
        for (id, closed) in &settled.alerting.close {
            self.alerts.iter_mut().filter(|alert| alert.id == *id).for_each(|alert| alert.fate = Fate::Closed(*closed));
        }
        match &settled.alerting.due {
            Due::Nothing => {}
            Due::Raise { item, .. } => {
                let id = self.fresh_id();
                self.alerts.push(Alert { id, item: item.clone(), fate: Fate::Live });
            }
            Due::Suppress { item, override_id } => {
                self.held_back.push((override_id.clone(), item.clone()));
                let active = self.overrides.iter_mut().filter(|active| active.id == *override_id);
                active.for_each(|active| {
                    active.recorded.insert(item.clone());
                });
            }
        }
        let open: BTreeSet<_> =
            self.plan.items().filter(|(_, item)| item.is_open()).map(|(_, item)| &item.id).collect();
        self.left_alone.retain(|item| open.contains(item));
        self.latest = Some(settled);
    }

    fn fresh_id(&mut self) -> Id {
        self.made += 1;
        Id(format!("row-{}", self.made))
    }
}
