//! The rows of Ridgeline's tables: one file a table, its columns, nothing else.
//!
//! The modules stand in reading order. Relations are resolved by the API's loaders, which start from what the viewer
//! reaches, so the rows carry keys and no relation fields.

pub mod enums;
pub mod list;
pub mod placed;
pub mod scalar;
pub mod secret;

// accounts
pub mod user;

// customers
pub mod contact;
pub mod customer;

// template
pub mod workflow_line_item;
pub mod workflow_phase;
pub mod workflow_section;

// projects
pub mod project;
pub mod project_team_member;

// workflow
pub mod completed_workflow_item;
pub mod project_phase_override;
pub mod project_workflow;
pub mod project_workflow_tracker;
pub mod workflow_step;
pub mod workflow_subtask;

// alerts
pub mod notification;
pub mod role_assignment;
pub mod suppressed_workflow_alert;
pub mod workflow_alert;

// tasks
pub mod task;
pub mod task_dependency;

// documents
pub mod document;
pub mod document_download;
pub mod workflow_step_attachment;

// messages
pub mod conversation;
pub mod conversation_participant;
pub mod message;
pub mod message_read;
pub mod project_message;

// calendar
pub mod calendar_event;
pub mod calendar_event_attendee;

// security
pub mod one_time_token;
pub mod rate_limit;
pub mod refresh_token;
pub mod security_event;
pub mod session;
pub mod user_behavior_pattern;
pub mod user_device;
pub mod user_mfa;
pub mod webauthn_credential;

// kernel
pub mod audit_log;
pub mod change;
pub mod change_head;
pub mod idempotency_key;
pub mod job;
pub mod number_counter;
