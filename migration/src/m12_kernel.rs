//! What the program keeps for itself: the change log, jobs, idempotency keys, number counters and the audit log.

use sea_orm_migration::prelude::*;

use crate::column::{CASCADE, big, created, id, instant, int, json, key, list, reference, serial, varchar};
use crate::table::{Table, create_all, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_all(manager, &[], &tables()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &[], &tables()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn tables() -> Vec<Table> {
    vec![changes(), change_head(), jobs(), idempotency_keys(), number_counters(), audit_log()]
}

fn changes() -> Table {
    Table::new(
        "changes",
        [
            serial("id"),
            big("seq").null(),
            varchar("kind", 10),
            varchar("entity", 50),
            key("entityId"),
            key("projectId").null(),
            list("gained"),
            list("lost"),
            json("before").null(),
            json("after").null(),
            varchar("requestId", 64).null(),
            created(),
        ],
    )
    .unique(&["seq"])
    .index(&["createdAt"])
    .one_of("kind", &["CREATED", "UPDATED", "DELETED"])
}

fn change_head() -> Table {
    Table::new(
        "change_head",
        [int("id").primary(), big("last").default("0"), big("prunedBelow").default("0"), varchar("epoch", 32)],
    )
    .check("id_only_one", r#""id" = 1"#)
}

fn jobs() -> Table {
    Table::new(
        "jobs",
        [
            id(),
            created(),
            varchar("kind", 50),
            json("payload"),
            instant("runAt"),
            varchar("dedupeKey", 200).null(),
            int("attempts").default("0"),
            instant("lockedUntil").null(),
            instant("doneAt").null(),
            instant("failedAt").null(),
            varchar("lastError", 1000).null(),
        ],
    )
    .unique(&["dedupeKey"])
    .index(&["doneAt", "failedAt", "runAt"])
}

fn idempotency_keys() -> Table {
    Table::new(
        "idempotency_keys",
        [
            id(),
            created(),
            reference("userId", "users", CASCADE),
            varchar("key", 200),
            varchar("mutation", 50),
            varchar("inputHash", 64),
            key("resultId").null(),
        ],
    )
    .unique(&["userId", "key"])
    .index(&["createdAt"])
}

fn number_counters() -> Table {
    Table::new("number_counters", [varchar("id", 50).primary(), int("last")])
}

fn audit_log() -> Table {
    Table::new(
        "audit_log",
        [
            id(),
            created(),
            key("userId").null(),
            varchar("action", 50),
            varchar("entity", 50),
            key("entityId").null(),
            json("before").null(),
            json("after").null(),
            varchar("ipAddress", 45).null(),
            varchar("requestId", 64).null(),
        ],
    )
    .index(&["entity", "entityId", "createdAt"])
    .index(&["createdAt"])
}
