//! What is tried: every mutation that takes a key, and every one that says what it expects to find.

/// A create: its mutation, the payload's field, the table it adds to, an input, another one, and one that is refused.
pub struct Create {
    pub mutation: &'static str,
    pub field: &'static str,
    pub table: &'static str,
    pub input: &'static str,
    pub another: &'static str,
    pub refused: &'static str,
}

pub const CREATES: [Create; 8] = [
    Create {
        mutation: "createContact",
        field: "contact",
        table: "contacts",
        input: r#"{"customerId": "$customer", "name": "Cy"}"#,
        another: r#"{"customerId": "$customer", "name": "Di"}"#,
        refused: r#"{"customerId": "$customer", "name": " "}"#,
    },
    Create {
        mutation: "createCustomer",
        field: "customer",
        table: "customers",
        input: r#"{"primaryName": "N", "primaryEmail": "n$new@example.com", "primaryPhone": "+13035550123", "address": "A"}"#,
        another: r#"{"primaryName": "M", "primaryEmail": "m$new@example.com", "primaryPhone": "+13035550123", "address": "A"}"#,
        refused: r#"{"primaryName": "N", "primaryEmail": "no address", "primaryPhone": "+13035550123", "address": "A"}"#,
    },
    Create {
        mutation: "createProject",
        field: "project",
        table: "projects",
        input: r#"{"customerId": "$customer", "projectName": "N", "projectType": "OTHER", "budget": "1.00", "startDate": "2026-03-01T00:00:00Z", "endDate": "2026-03-02T00:00:00Z"}"#,
        another: r#"{"customerId": "$customer", "projectName": "M", "projectType": "OTHER", "budget": "1.00", "startDate": "2026-03-01T00:00:00Z", "endDate": "2026-03-02T00:00:00Z"}"#,
        refused: r#"{"customerId": "$customer", "projectName": "N", "projectType": "OTHER", "budget": "0.00", "startDate": "2026-03-01T00:00:00Z", "endDate": "2026-03-02T00:00:00Z"}"#,
    },
    Create {
        mutation: "addTeamMember",
        field: "teamMember",
        table: "project_team_members",
        input: r#"{"projectId": "$project", "userId": "$stranger"}"#,
        another: r#"{"projectId": "$project", "userId": "$worker"}"#,
        refused: r#"{"projectId": "$project", "userId": "nobody"}"#,
    },
    Create {
        mutation: "sendProjectMessage",
        field: "message",
        table: "project_messages",
        input: r#"{"projectId": "$project", "subject": "S", "content": "C"}"#,
        another: r#"{"projectId": "$project", "subject": "S", "content": "D"}"#,
        refused: r#"{"projectId": "$project", "subject": " ", "content": "C"}"#,
    },
    Create {
        mutation: "createConversation",
        field: "conversation",
        table: "conversations",
        input: r#"{"participantIds": ["$stranger", "$worker"], "title": "T"}"#,
        another: r#"{"participantIds": ["$stranger", "$worker"], "title": "U"}"#,
        refused: r#"{"participantIds": ["nobody", "$worker"]}"#,
    },
    Create {
        mutation: "sendMessage",
        field: "message",
        table: "messages",
        input: r#"{"conversationId": "$conversation", "text": "Hello"}"#,
        another: r#"{"conversationId": "$conversation", "text": "Goodbye"}"#,
        refused: r#"{"conversationId": "$conversation", "text": " "}"#,
    },
    Create {
        mutation: "overridePhase",
        field: "override",
        table: "project_phase_overrides",
        input: r#"{"projectId": "$project", "toPhase": "APPROVED"}"#,
        another: r#"{"projectId": "$project", "toPhase": "EXECUTION"}"#,
        refused: r#"{"projectId": "$project", "toPhase": "LEAD"}"#,
    },
];

/// A change: its mutation, the payload's field, an input in which `%` differs, and who else may make it.
pub struct Change {
    pub mutation: &'static str,
    pub field: &'static str,
    pub input: &'static str,
    pub other: &'static str,
}

pub const CHANGES: [Change; 7] = [
    Change {
        mutation: "updateContact",
        field: "contact",
        input: r#"{"contactId": "$contact", "name": "%"}"#,
        other: "manager",
    },
    Change {
        mutation: "updateCustomer",
        field: "customer",
        input: r#"{"customerId": "$customer", "address": "%"}"#,
        other: "manager",
    },
    Change {
        mutation: "updateConversation",
        field: "conversation",
        input: r#"{"conversationId": "$conversation", "title": "%"}"#,
        other: "manager",
    },
    // One's own, at another desk.
    Change {
        mutation: "editMessage",
        field: "message",
        input: r#"{"messageId": "$said", "text": "%"}"#,
        other: "admin",
    },
    Change { mutation: "updateProfile", field: "user", input: r#"{"bio": "%"}"#, other: "admin" },
    Change {
        mutation: "updateProject",
        field: "project",
        input: r#"{"projectId": "$project", "projectName": "%"}"#,
        other: "manager",
    },
    Change {
        mutation: "updateTeamMember",
        field: "teamMember",
        input: r#"{"teamMemberId": "$member", "role": "%"}"#,
        other: "manager",
    },
];

/// Keyed too, with a test of their own: they create nothing, or nobody is signed in yet.
pub const KEYED: [&str; 2] = ["refreshSession", "revertOverride"];

/// Adds to a set, in which everybody is once: repeating it changes nothing.
pub const SETS: [&str; 1] = ["addParticipants"];

/// Not a text but a role: tried with the conversations.
pub const ROLES: [&str; 1] = ["setParticipantRole"];
