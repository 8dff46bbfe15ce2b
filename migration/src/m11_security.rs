//! What guards an account: devices, second factors, passkeys, behaviour, events, sessions, tokens, and rate limits.

use sea_orm_migration::prelude::*;

use crate::column::{
    CASCADE, SET_NULL, big, boolean, bytes, created, decimal, enumeration, id, instant, int, json, key, list,
    reference, updated, varchar,
};
use crate::enums;
use crate::kind::Enum;
use crate::table::{Table, create_all, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

const ENUMS: &[Enum] = &[enums::MFA_METHOD, enums::SECURITY_EVENT_TYPE];

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
    vec![
        user_devices(),
        user_mfa(),
        security_events(),
        user_behavior_patterns(),
        webauthn_credentials(),
        sessions(),
        refresh_tokens(),
        one_time_tokens(),
        rate_limits(),
    ]
}

fn user_devices() -> Table {
    Table::new(
        "user_devices",
        [
            id(),
            created(),
            updated(),
            reference("userId", "users", CASCADE),
            varchar("deviceFingerprint", 255),
            varchar("deviceName", 100).null(),
            varchar("deviceType", 50).null(),
            varchar("userAgent", 500).null(),
            varchar("ipAddress", 45).null(),
            json("location").null(),
            boolean("trusted").default("false"),
            boolean("biometricEnabled").default("false"),
            instant("lastUsed").null(),
            boolean("isActive").default("true"),
            instant("trustedUntil").null(),
        ],
    )
    .unique(&["deviceFingerprint"])
    .index(&["trusted", "isActive"])
    .index(&["lastUsed"])
}

fn user_mfa() -> Table {
    Table::new(
        "user_mfa",
        [
            id(),
            created(),
            updated(),
            reference("userId", "users", CASCADE),
            enumeration("method", &enums::MFA_METHOD),
            varchar("secret", 255).null(),
            list("backupCodes"),
            varchar("phoneNumber", 20).null(),
            boolean("enabled").default("false"),
            instant("lastUsed").null(),
        ],
    )
    .unique(&["userId", "method"])
    .index(&["method", "enabled"])
}

fn security_events() -> Table {
    Table::new(
        "security_events",
        [
            id(),
            created(),
            reference("userId", "users", SET_NULL).null(),
            enumeration("eventType", &enums::SECURITY_EVENT_TYPE),
            int("riskScore").null(),
            json("details").null(),
            varchar("ipAddress", 45).null(),
            varchar("userAgent", 500).null(),
            key("deviceId").null(),
            boolean("resolved").default("false"),
            instant("resolvedAt").null(),
            reference("resolvedBy", "users", SET_NULL).null(),
            json("response").null(),
            updated(),
        ],
    )
    .index(&["eventType"])
    .index(&["riskScore"])
    .index(&["resolved"])
    .index(&["createdAt", "id"])
    .check("riskScore_range", r#""riskScore" BETWEEN 0 AND 100"#)
}

fn user_behavior_patterns() -> Table {
    Table::new(
        "user_behavior_patterns",
        [
            id(),
            created(),
            updated(),
            reference("userId", "users", CASCADE),
            json("keystrokePatterns").null(),
            json("mousePatterns").null(),
            json("touchPatterns").null(),
            json("usagePatterns").null(),
            json("voicePattern").null(),
            decimal("riskBaseline", 5).null(),
            decimal("anomalyThreshold", 5).null(),
            instant("lastAnalysis").null(),
        ],
    )
    .unique(&["userId"])
    .index(&["lastAnalysis"])
    .check("riskBaseline_range", r#""riskBaseline" BETWEEN 0 AND 100"#)
}

fn webauthn_credentials() -> Table {
    Table::new(
        "webauthn_credentials",
        [
            id(),
            created(),
            updated(),
            reference("userId", "users", CASCADE),
            varchar("credentialID", 255),
            bytes("credentialPublicKey"),
            big("counter").default("0"),
            varchar("deviceType", 50),
            boolean("backedUp").default("false"),
            list("transports"),
            varchar("nickname", 100).null(),
            instant("lastUsed").null(),
            boolean("isActive").default("true"),
        ],
    )
    .unique(&["credentialID"])
    .index(&["lastUsed"])
}

fn sessions() -> Table {
    Table::new(
        "sessions",
        [
            id(),
            created(),
            updated(),
            reference("userId", "users", CASCADE),
            instant("expiresAt"),
            instant("endedAt").null(),
            varchar("endedReason", 50).null(),
            instant("lastUsedAt"),
            varchar("ipAddress", 45).null(),
            varchar("userAgent", 500).null(),
            varchar("deviceFingerprint", 255).null(),
            varchar("deviceName", 100).null(),
        ],
    )
    .index(&["expiresAt"])
}

fn refresh_tokens() -> Table {
    Table::new(
        "refresh_tokens",
        [
            id(),
            created(),
            reference("sessionId", "sessions", CASCADE),
            varchar("tokenHash", 64),
            instant("expiresAt"),
            instant("spentAt").null(),
            varchar("successorHash", 64).null(),
        ],
    )
    .unique(&["tokenHash"])
    .index(&["expiresAt"])
}

fn one_time_tokens() -> Table {
    Table::new(
        "one_time_tokens",
        [
            id(),
            created(),
            reference("userId", "users", CASCADE),
            varchar("purpose", 50),
            varchar("tokenHash", 64),
            instant("expiresAt"),
            instant("usedAt").null(),
            json("details").null(),
        ],
    )
    .unique(&["tokenHash"])
    .index(&["expiresAt"])
}

fn rate_limits() -> Table {
    Table::new(
        "rate_limits",
        [varchar("id", 200).primary(), instant("windowStart"), instant("expiresAt"), int("used").default("0")],
    )
    .index(&["expiresAt"])
}
