import type { ActionDefinition } from '@patchbay/core';
import { addBookmark } from './actions/add-bookmark.ts';
import { addReaction } from './actions/add-reaction.ts';
import { apiRead } from './actions/api-read.ts';
import { apiWrite } from './actions/api-write.ts';
import { archiveChannel } from './actions/archive-channel.ts';
import { cancelScheduledMessage } from './actions/cancel-scheduled-message.ts';
import { createChannel } from './actions/create-channel.ts';
import { deleteMessage } from './actions/delete-message.ts';
import { findUserByEmail } from './actions/find-user-by-email.ts';
import { getChannel } from './actions/get-channel.ts';
import { getPermalink } from './actions/get-permalink.ts';
import { getPresence } from './actions/get-presence.ts';
import { getUser } from './actions/get-user.ts';
import { inviteToChannel } from './actions/invite-to-channel.ts';
import { joinChannel } from './actions/join-channel.ts';
import { kickFromChannel } from './actions/kick-from-channel.ts';
import { leaveChannel } from './actions/leave-channel.ts';
import { listChannels } from './actions/list-channels.ts';
import { listFiles } from './actions/list-files.ts';
import { listMembers } from './actions/list-members.ts';
import { listMessages } from './actions/list-messages.ts';
import { listReplies } from './actions/list-replies.ts';
import { listUsergroups } from './actions/list-usergroups.ts';
import { listUsers } from './actions/list-users.ts';
import { openConversation } from './actions/open-conversation.ts';
import { openView } from './actions/open-view.ts';
import { pinMessage } from './actions/pin-message.ts';
import { postToWebhook } from './actions/post-to-webhook.ts';
import { publishView } from './actions/publish-view.ts';
import { removeReaction } from './actions/remove-reaction.ts';
import { renameChannel } from './actions/rename-channel.ts';
import { replyInThread } from './actions/reply-in-thread.ts';
import { scheduleMessage } from './actions/schedule-message.ts';
import { searchMessages } from './actions/search-messages.ts';
import { sendEphemeral } from './actions/send-ephemeral.ts';
import { sendMessage } from './actions/send-message.ts';
import { setPurpose } from './actions/set-purpose.ts';
import { setStatus } from './actions/set-status.ts';
import { setTopic } from './actions/set-topic.ts';
import { updateMessage } from './actions/update-message.ts';
import { updateUsergroupMembers } from './actions/update-usergroup-members.ts';
import { uploadFile } from './actions/upload-file.ts';

/** What the app and a person can both do. */
const shared = {
  add_bookmark: addBookmark,
  add_reaction: addReaction,
  api_read: apiRead,
  api_write: apiWrite,
  archive_channel: archiveChannel,
  cancel_scheduled_message: cancelScheduledMessage,
  create_channel: createChannel,
  delete_message: deleteMessage,
  find_user_by_email: findUserByEmail,
  get_channel: getChannel,
  get_permalink: getPermalink,
  get_presence: getPresence,
  get_user: getUser,
  invite_to_channel: inviteToChannel,
  join_channel: joinChannel,
  kick_from_channel: kickFromChannel,
  leave_channel: leaveChannel,
  list_channels: listChannels,
  list_files: listFiles,
  list_members: listMembers,
  list_messages: listMessages,
  list_replies: listReplies,
  list_usergroups: listUsergroups,
  list_users: listUsers,
  open_conversation: openConversation,
  pin_message: pinMessage,
  remove_reaction: removeReaction,
  rename_channel: renameChannel,
  reply_in_thread: replyInThread,
  schedule_message: scheduleMessage,
  send_ephemeral: sendEphemeral,
  send_message: sendMessage,
  set_purpose: setPurpose,
  set_topic: setTopic,
  update_message: updateMessage,
  update_usergroup_members: updateUsergroupMembers,
  upload_file: uploadFile,
};

/** What the app can do with its bot token. Views are an app's own. */
export const appActions = {
  ...shared,
  open_view: openView,
  publish_view: publishView,
};

/** Slack has scopes of other names for some things that a person does. */
const userScopes: Readonly<Record<string, string>> = { 'channels:manage': 'channels:write', 'channels:join': 'channels:write' };

/** What a person can do through the app. Searching, and a status, are a person's own. */
export const userActions = {
  ...asUser(shared),
  search_messages: searchMessages,
  set_status: setStatus,
};

/** What the URL of an incoming webhook is good for. */
export const webhookActions = { post_to_webhook: postToWebhook };

/** The same actions with the scopes that they need of a person. */
function asUser<Actions extends Readonly<Record<string, Pick<ActionDefinition, 'scopes'>>>>(actions: Actions): Actions;
function asUser(actions: Readonly<Record<string, Pick<ActionDefinition, 'scopes'>>>) {
  return Object.fromEntries(
    Object.entries(actions).map(([name, action]) => [name, { ...action, scopes: action.scopes?.map(ofUser) ?? [] }]),
  );
}

function ofUser(need: NonNullable<ActionDefinition['scopes']>[number]) {
  const { scope, reason } = typeof need === 'string' ? { scope: need, reason: 'To act for the person.' } : need;
  return { scope: userScopes[scope] ?? scope, reason };
}
