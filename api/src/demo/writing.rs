//! The transactions in which the sample company is written.

use std::collections::HashMap;
use std::ops::Range;

use entity::enums::ProjectPhase;
use entity::scalar::Id;
use entity::{contact, customer, role_assignment, user};
use sea_orm::IntoActiveModel;

use super::conversations::Talks;
use super::customers::contacts;
use super::projects::Ground;
use super::rows::Rows;
use crate::data::access::Permission;
use crate::data::tx::{Tx, UseCase};
use crate::error::Result;
use crate::workflow::copy::{self, Section};
use crate::workflow::create::{COUNTER, FIRST_NUMBER};
use crate::workflow::running;

/// Reads what projects copy.
pub(super) struct Survey;

impl UseCase for Survey {
    type Output = (Vec<Section>, HashMap<ProjectPhase, Id>);
    const PERMISSION: Permission = Permission::System;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Output> {
        Ok((copy::sections(tx, None).await?, running::phases(tx).await?))
    }
}

pub(super) struct AddPeople {
    pub(super) accounts: Vec<user::ActiveModel>,
    pub(super) roles: Vec<role_assignment::ActiveModel>,
}

impl UseCase for AddPeople {
    type Output = ();
    const PERMISSION: Permission = Permission::System;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.insert_all::<user::Entity>(self.accounts.clone()).await?;
        tx.insert_all::<role_assignment::Entity>(self.roles.clone()).await
    }
}

pub(super) struct AddCustomers<'a> {
    pub(super) ground: &'a Ground,
    pub(super) first: usize,
    pub(super) count: usize,
}

impl UseCase for AddCustomers<'_> {
    type Output = ();
    const PERMISSION: Permission = Permission::System;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let customers = || (0..).zip(&self.ground.customers).skip(self.first).take(self.count);
        let rows = customers().map(|(_, customer)| customer.clone().into_active_model()).collect();
        let contacts = customers().flat_map(|(number, customer)| contacts(number, customer)).collect();
        tx.insert_all::<customer::Entity>(rows).await?;
        tx.insert_all::<contact::Entity>(contacts).await
    }
}

/// The projects of these numbers, counted from 0.
pub(super) struct AddProjects<'a> {
    pub(super) ground: &'a Ground,
    pub(super) numbers: Range<u32>,
}

impl UseCase for AddProjects<'_> {
    type Output = ();
    const PERMISSION: Permission = Permission::System;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut rows = Rows::default();
        for index in self.numbers.clone() {
            let number = tx.next_number(COUNTER, FIRST_NUMBER).await?;
            self.ground.project(index, number, &mut rows)?;
        }
        rows.write(tx).await
    }
}

/// The administrator, by whom a demo is known to be whole, and what people say to each other.
pub(super) struct Finish<'a> {
    pub(super) ground: &'a Ground,
    pub(super) administrator: Vec<user::ActiveModel>,
}

impl UseCase for Finish<'_> {
    type Output = ();
    const PERMISSION: Permission = Permission::System;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.insert_all::<user::Entity>(self.administrator.clone()).await?;
        Talks::of(tx, self.ground).await?.write(tx).await
    }
}
