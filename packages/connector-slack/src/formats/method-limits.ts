import type { ConnectorDefinition } from '@patchbay/core';

type Limits = NonNullable<ConnectorDefinition<string, Record<string, never>, Record<string, never>>['limits']>;

const minute = 60_000;

const tier = (number: number, requests: number, methods: readonly string[]): Limits[number] => ({
  name: `tier-${number}`,
  per: 'method',
  requests,
  windowMs: minute,
  paths: methods.map((method) => `/${method}`),
});

/**
 * What Slack allows each method of a workspace, by its tiers (https://docs.slack.dev/apis/web-api/rate-limits/, 2026). Left out are methods of the
 * special tier: chat.postMessage takes one message a second for each channel, which no path tells, and Slack says with Retry-After what it takes.
 */
export const methodLimits: Limits = [
  tier(2, 20, [
    ...each('conversations', ['list', 'create', 'archive', 'rename', 'setTopic', 'setPurpose']),
    ...['users.list', 'reactions.remove', 'pins.add', 'bookmarks.add', 'usergroups.list', 'usergroups.users.update', 'search.messages'],
  ]),
  tier(3, 50, [
    ...each('conversations', ['history', 'replies', 'info', 'invite', 'kick', 'join', 'leave', 'open']),
    ...each('chat', ['update', 'delete', 'scheduleMessage', 'deleteScheduledMessage']),
    ...['users.lookupByEmail', 'users.getPresence', 'users.profile.set', 'reactions.add', 'files.list'],
  ]),
  tier(4, 100, [
    ...['conversations.members', 'users.info', 'chat.postEphemeral', 'views.open', 'views.publish'],
    ...each('files', ['getUploadURLExternal', 'completeUploadExternal']),
  ]),
];

function each(group: string, names: readonly string[]): readonly string[] {
  return names.map((name) => `${group}.${name}`);
}
