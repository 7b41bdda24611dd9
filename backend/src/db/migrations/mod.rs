//! The schema, step by step; run at start, in order, each once.

mod m0001_shop;
mod m0002_sessions;
mod m0003_activities;
mod m0004_step_up;
mod m0005_flows;

use sea_orm_migration::{MigrationTrait, MigratorTrait, async_trait};

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_shop::Migration),
            Box::new(m0002_sessions::Migration),
            Box::new(m0003_activities::Migration),
            Box::new(m0004_step_up::Migration),
            Box::new(m0005_flows::Migration),
        ]
    }
}
