//! How the database comes to be: one file a change, in order, the same for PostgreSQL and SQLite.

use sea_orm_migration::prelude::*;

mod column;
mod enums;
mod kind;
pub mod rebuild;
mod table;

mod m01_accounts;
mod m02_customers;
mod m03_template;
mod m04_projects;
mod m05_workflow;
mod m06_alerts;
mod m07_tasks;
mod m08_documents;
mod m09_messages;
mod m10_calendar;
mod m11_security;
mod m12_kernel;

pub use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// Every migration, in the order in which they are applied.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m01_accounts::Migration),
            Box::new(m02_customers::Migration),
            Box::new(m03_template::Migration),
            Box::new(m04_projects::Migration),
            Box::new(m05_workflow::Migration),
            Box::new(m06_alerts::Migration),
            Box::new(m07_tasks::Migration),
            Box::new(m08_documents::Migration),
            Box::new(m09_messages::Migration),
            Box::new(m10_calendar::Migration),
            Box::new(m11_security::Migration),
            Box::new(m12_kernel::Migration),
        ]
    }
}
