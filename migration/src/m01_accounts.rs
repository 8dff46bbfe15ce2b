//! The people who sign in: `users`.

use sea_orm_migration::prelude::*;

use crate::column::{boolean, created, enumeration, folded, id, instant, int, json, list, text, updated, varchar};
use crate::enums;
use crate::kind::Enum;
use crate::table::{Table, create_all, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

const ENUMS: &[Enum] = &[enums::USER_ROLE, enums::THEME, enums::PERMISSION];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_all(manager, ENUMS, &tables()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, ENUMS, &tables()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn tables() -> Vec<Table> {
    vec![users()]
}

fn users() -> Table {
    Table::new(
        "users",
        [
            id(),
            created(),
            updated(),
            varchar("firstName", 50),
            varchar("lastName", 50),
            varchar("email", 255),
            varchar("password", 255),
            varchar("avatar", 500).null(),
            varchar("phone", 20).null(),
            varchar("position", 100).null(),
            varchar("department", 100).null(),
            varchar("bio", 500).null(),
            enumeration("role", &enums::USER_ROLE).default("'WORKER'"),
            list("permissions"),
            boolean("isActive").default("true"),
            boolean("isVerified").default("false"),
            text("emailVerificationToken").null(),
            instant("emailVerificationExpires").null(),
            text("passwordResetToken").null(),
            instant("passwordResetExpires").null(),
            instant("passwordChangedAt").null(),
            int("loginAttempts").default("0"),
            instant("lockUntil").null(),
            instant("lastLogin").null(),
            varchar("lastLoginIP", 45).null(),
            text("twoFactorSecret").null(),
            boolean("twoFactorEnabled").default("false"),
            enumeration("theme", &enums::THEME).default("'LIGHT'"),
            json("notificationPreferences").null(),
            varchar("language", 5).default("'en'"),
            varchar("timezone", 50).default("'UTC'"),
            list("skills"),
            json("certifications").null(),
            int("experience").null(),
            json("emergencyContact").null(),
            json("address").null(),
            folded("nameFolded"),
        ],
    )
    .unique(&["email"])
    .index(&["nameFolded", "id"])
    .lower_case("email")
}
