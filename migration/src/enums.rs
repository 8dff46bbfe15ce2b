//! The values of the enums as the first migrations create them. Later migrations add values; these lists stay.

use crate::kind::Enum;

pub(crate) const USER_ROLE: Enum =
    Enum { name: "UserRole", values: &["ADMIN", "MANAGER", "PROJECT_MANAGER", "FOREMAN", "WORKER", "CLIENT"] };
pub(crate) const PERMISSION: Enum = Enum {
    name: "Permission",
    values: &[
        "CREATE_PROJECTS",
        "EDIT_PROJECTS",
        "DELETE_PROJECTS",
        "MANAGE_USERS",
        "VIEW_REPORTS",
        "MANAGE_FINANCES",
        "MANAGE_DOCUMENTS",
        "MANAGE_CALENDAR",
        "USE_AI_FEATURES",
    ],
};
pub(crate) const THEME: Enum = Enum { name: "Theme", values: &["LIGHT", "DARK", "AUTO"] };
pub(crate) const CONTACT_TYPE: Enum = Enum { name: "ContactType", values: &["PRIMARY", "SECONDARY"] };
pub(crate) const PROJECT_TYPE: Enum = Enum {
    name: "ProjectType",
    values: &[
        "ROOF_REPLACEMENT",
        "KITCHEN_REMODEL",
        "BATHROOM_RENOVATION",
        "SIDING_INSTALLATION",
        "WINDOW_REPLACEMENT",
        "FLOORING",
        "PAINTING",
        "ELECTRICAL_WORK",
        "PLUMBING",
        "HVAC",
        "DECK_CONSTRUCTION",
        "LANDSCAPING",
        "OTHER",
    ],
};
pub(crate) const PROJECT_STATUS: Enum =
    Enum { name: "ProjectStatus", values: &["PENDING", "IN_PROGRESS", "COMPLETED", "ON_HOLD"] };
pub(crate) const PRIORITY: Enum = Enum { name: "Priority", values: &["LOW", "MEDIUM", "HIGH"] };
pub(crate) const PROJECT_PHASE: Enum = Enum {
    name: "ProjectPhase",
    values: &["LEAD", "PROSPECT", "APPROVED", "EXECUTION", "SECOND_SUPPLEMENT", "COMPLETION"],
};
pub(crate) const WORKFLOW_TYPE: Enum = Enum {
    name: "WorkflowType",
    values: &["ROOFING", "KITCHEN_REMODEL", "BATHROOM_RENOVATION", "SIDING", "WINDOWS", "GENERAL"],
};
pub(crate) const WORKFLOW_STATUS: Enum =
    Enum { name: "WorkflowStatus", values: &["NOT_STARTED", "IN_PROGRESS", "COMPLETED", "ON_HOLD", "CANCELLED"] };
pub(crate) const RESPONSIBLE_ROLE: Enum = Enum {
    name: "ResponsibleRole",
    values: &["OFFICE", "ADMINISTRATION", "PROJECT_MANAGER", "FIELD_DIRECTOR", "ROOF_SUPERVISOR"],
};
pub(crate) const ALERT_PRIORITY: Enum = Enum { name: "AlertPriority", values: &["LOW", "MEDIUM", "HIGH"] };
pub(crate) const ALERT_METHOD: Enum = Enum { name: "AlertMethod", values: &["IN_APP", "EMAIL", "SMS"] };
pub(crate) const ALERT_STATUS: Enum =
    Enum { name: "AlertStatus", values: &["ACTIVE", "ACKNOWLEDGED", "DISMISSED", "COMPLETED"] };
pub(crate) const TASK_STATUS: Enum = Enum { name: "TaskStatus", values: &["TO_DO", "IN_PROGRESS", "DONE"] };
pub(crate) const TASK_CATEGORY: Enum = Enum {
    name: "TaskCategory",
    values: &["PLANNING", "DESIGN", "CONSTRUCTION", "INSPECTION", "DOCUMENTATION", "COMMUNICATION", "OTHER"],
};
pub(crate) const DOCUMENT_TYPE: Enum = Enum {
    name: "DocumentType",
    values: &[
        "BLUEPRINT",
        "PERMIT",
        "INVOICE",
        "PHOTO",
        "CONTRACT",
        "REPORT",
        "SPECIFICATION",
        "CORRESPONDENCE",
        "OTHER",
    ],
};
pub(crate) const PROJECT_MESSAGE_TYPE: Enum = Enum {
    name: "ProjectMessageType",
    values: &[
        "WORKFLOW_UPDATE",
        "PHASE_COMPLETION",
        "STEP_COMPLETION",
        "USER_MESSAGE",
        "SYSTEM_NOTIFICATION",
        "ALERT_DISCUSSION",
        "PROJECT_MILESTONE",
    ],
};
pub(crate) const MESSAGE_PRIORITY: Enum =
    Enum { name: "MessagePriority", values: &["LOW", "MEDIUM", "HIGH", "URGENT"] };
pub(crate) const CONVERSATION_ROLE: Enum = Enum { name: "ConversationRole", values: &["ADMIN", "MODERATOR", "MEMBER"] };
pub(crate) const MESSAGE_TYPE: Enum =
    Enum { name: "MessageType", values: &["TEXT", "IMAGE", "FILE", "SYSTEM", "NOTIFICATION"] };
pub(crate) const EVENT_TYPE: Enum =
    Enum { name: "EventType", values: &["MEETING", "INSPECTION", "INSTALLATION", "DEADLINE", "REMINDER", "OTHER"] };
pub(crate) const EVENT_STATUS: Enum = Enum { name: "EventStatus", values: &["CONFIRMED", "TENTATIVE", "CANCELLED"] };
pub(crate) const ATTENDEE_STATUS: Enum =
    Enum { name: "AttendeeStatus", values: &["REQUIRED", "OPTIONAL", "ORGANIZER"] };
pub(crate) const ATTENDEE_RESPONSE: Enum =
    Enum { name: "AttendeeResponse", values: &["ACCEPTED", "DECLINED", "TENTATIVE", "NO_RESPONSE"] };
pub(crate) const NOTIFICATION_TYPE: Enum = Enum {
    name: "NotificationType",
    values: &["TASK_ASSIGNED", "TASK_COMPLETED", "PROJECT_UPDATE", "WORKFLOW_ALERT", "SYSTEM_MESSAGE", "REMINDER"],
};
pub(crate) const ROLE_TYPE: Enum =
    Enum { name: "RoleType", values: &["PROJECT_MANAGER", "FIELD_DIRECTOR", "OFFICE_STAFF", "ADMINISTRATION"] };
pub(crate) const MFA_METHOD: Enum = Enum { name: "MFAMethod", values: &["TOTP", "SMS", "WEBAUTHN", "BACKUP", "EMAIL"] };
pub(crate) const SECURITY_EVENT_TYPE: Enum = Enum {
    name: "SecurityEventType",
    values: &[
        "LOGIN_SUCCESS",
        "LOGIN_FAILURE",
        "LOGIN_BLOCKED",
        "MFA_SUCCESS",
        "MFA_FAILURE",
        "DEVICE_NEW",
        "DEVICE_SUSPICIOUS",
        "LOCATION_NEW",
        "LOCATION_SUSPICIOUS",
        "BEHAVIOR_ANOMALY",
        "ACCOUNT_LOCKED",
        "ACCOUNT_UNLOCKED",
        "PASSWORD_CHANGED",
        "MFA_ENABLED",
        "MFA_DISABLED",
        "DEVICE_TRUSTED",
        "DEVICE_REMOVED",
        "SECURITY_QUESTION_FAILED",
        "BRUTE_FORCE_DETECTED",
        "CREDENTIAL_CREATED",
        "CREDENTIAL_DELETED",
    ],
};
