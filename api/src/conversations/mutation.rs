//! Beginning conversations, and who is in them.

use async_graphql::{Context, Object, SimpleObject};
use entity::conversation;
use entity::scalar::Id;

use super::create::{CreateConversation, CreateConversationInput};
use super::members::{
    AddParticipants, AddParticipantsInput, LeaveConversation, LeaveConversationInput, RemoveParticipant,
    RemoveParticipantInput, SetParticipantRole, SetParticipantRoleInput,
};
use super::types::{Conversation, ConversationParticipant};
use super::update::{UpdateConversation, UpdateConversationInput};
use crate::data::page::Node;
use crate::data::scope::Asking;
use crate::data::tx::UseCase;
use crate::error::Result;

#[derive(Default)]
pub struct ConversationsMutation;

/// What `createConversation` answers.
#[derive(SimpleObject)]
pub struct CreateConversationPayload {
    /// The conversation: a new one, or the one that the two people have.
    pub conversation: Conversation,
}

/// What `updateConversation` answers.
#[derive(SimpleObject)]
pub struct UpdateConversationPayload {
    /// The conversation as it is now.
    pub conversation: Conversation,
}

/// What `addParticipants` answers.
#[derive(SimpleObject)]
pub struct AddParticipantsPayload {
    /// The group as it is now.
    pub conversation: Conversation,
}

/// What `removeParticipant` answers.
#[derive(SimpleObject)]
pub struct RemoveParticipantPayload {
    /// The group as it is now.
    pub conversation: Conversation,
}

/// What `setParticipantRole` answers.
#[derive(SimpleObject)]
pub struct SetParticipantRolePayload {
    /// The person's part in the group as it is now.
    pub participant: ConversationParticipant,
}

/// What `leaveConversation` answers.
#[derive(SimpleObject)]
pub struct LeaveConversationPayload {
    /// The conversation's id; the signed-in user reaches nothing else of it any more.
    pub conversation_id: Id,
}

async fn changed(ctx: &Context<'_>, use_case: &impl UseCase<Output = Id>) -> Result<Conversation> {
    let scope = ctx.scope()?;
    let id = scope.write(use_case).await?;
    Ok(Conversation::of(scope.load::<conversation::Entity>(&id).await?))
}

#[Object]
impl ConversationsMutation {
    /// Begins a conversation. Two people have one between them: beginning it again answers it, and brings back whoever
    /// had left it. Whoever creates a group is its ADMIN.
    async fn create_conversation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to talk to.")] input: CreateConversationInput,
    ) -> Result<CreateConversationPayload> {
        Ok(CreateConversationPayload { conversation: changed(ctx, &CreateConversation { input }).await? })
    }

    /// Changes title or description of a conversation, or closes a group: a group by its ADMINs, a conversation between
    /// two people by either.
    async fn update_conversation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to change.")] input: UpdateConversationInput,
    ) -> Result<UpdateConversationPayload> {
        Ok(UpdateConversationPayload { conversation: changed(ctx, &UpdateConversation { input }).await? })
    }

    /// Takes people into a group; they see all that was said before. By its ADMINs.
    async fn add_participants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which group, and whom.")] input: AddParticipantsInput,
    ) -> Result<AddParticipantsPayload> {
        Ok(AddParticipantsPayload { conversation: changed(ctx, &AddParticipants { input }).await? })
    }

    /// Sends somebody out of a group; from then on they reach nothing of it. By its ADMINs.
    async fn remove_participant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which group, and whom.")] input: RemoveParticipantInput,
    ) -> Result<RemoveParticipantPayload> {
        Ok(RemoveParticipantPayload { conversation: changed(ctx, &RemoveParticipant { input }).await? })
    }

    /// Gives somebody another role in a group. By its ADMINs; the last of them stays one.
    async fn set_participant_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which group, who, and the role.")] input: SetParticipantRoleInput,
    ) -> Result<SetParticipantRolePayload> {
        let row = ctx.scope()?.write(&SetParticipantRole { input }).await?;
        Ok(SetParticipantRolePayload { participant: ConversationParticipant::of(row) })
    }

    /// Leaves a conversation. Of a group one reaches nothing any more; if it was led by nobody else, whoever has been
    /// there longest becomes ADMIN. One between two people is out of one's list until something is said there, or
    /// somebody begins it again.
    async fn leave_conversation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which conversation.")] input: LeaveConversationInput,
    ) -> Result<LeaveConversationPayload> {
        Ok(LeaveConversationPayload { conversation_id: ctx.scope()?.write(&LeaveConversation { input }).await? })
    }
}
