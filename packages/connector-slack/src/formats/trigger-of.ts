import type { DeliveryOutline } from './delivery-outline.ts';

/** Kinds of message that are new messages. Others, such as channel_join, tell of something that has an event of its own. */
const newMessages: ReadonlySet<string | undefined> = new Set([undefined, 'bot_message', 'file_share', 'me_message', 'thread_broadcast']);

/** Events of the Events API, by their type. */
const ofEvents = {
  app_mention: 'app.mentioned',
  reaction_added: 'reaction.added',
  reaction_removed: 'reaction.removed',
  channel_created: 'channel.created',
  channel_archive: 'channel.archived',
  channel_rename: 'channel.renamed',
  member_joined_channel: 'member.joined',
  member_left_channel: 'member.left',
  team_join: 'team.joined',
  file_shared: 'file.shared',
  app_home_opened: 'home.opened',
  link_shared: 'link.shared',
  pin_added: 'pin.added',
  app_uninstalled: 'app.uninstalled',
  tokens_revoked: 'tokens.revoked',
} as const;

/** Interactions, by their type. */
const ofInteractions = {
  block_actions: 'block.acted',
  shortcut: 'shortcut.used',
  message_action: 'message_shortcut.used',
  view_submission: 'view.submitted',
} as const;

/** Names of the triggers. */
export type SlackTrigger =
  | 'message.posted'
  | 'message.changed'
  | 'message.deleted'
  | 'command.invoked'
  | (typeof ofEvents)[keyof typeof ofEvents]
  | (typeof ofInteractions)[keyof typeof ofInteractions];

/** The trigger that a delivery is for; `undefined` for none. */
export function triggerOf({ type, event, command }: DeliveryOutline): SlackTrigger | undefined {
  if (type === undefined) return command === undefined ? undefined : 'command.invoked';
  if (type !== 'event_callback') return find(ofInteractions, type);
  return event?.type === 'message' ? ofMessage(event.subtype) : find(ofEvents, event?.type);
}

function ofMessage(subtype: string | undefined): SlackTrigger | undefined {
  if (newMessages.has(subtype)) return 'message.posted';
  if (subtype === 'message_changed') return 'message.changed';
  return subtype === 'message_deleted' ? 'message.deleted' : undefined;
}

function find<Trigger extends SlackTrigger>(table: Readonly<Record<string, Trigger>>, type: string | undefined): Trigger | undefined {
  return type !== undefined && Object.hasOwn(table, type) ? table[type] : undefined;
}
