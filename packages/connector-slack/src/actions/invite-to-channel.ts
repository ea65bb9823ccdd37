import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId, userId } from '../slack-schemas.ts';
import { unlessTold } from './unless-told.ts';

const told = ['already_in_channel'];

/**
 * Invites people. Of several Slack takes all or none, and where one of them is in the channel already, none: then each is invited alone, so that a repeat
 * ends as the first call did.
 */
export const inviteToChannel = defineAction({
  title: 'Invite to channel',
  description: 'Invites people to a channel. Who is there already counts as success.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'channels:manage', reason: 'To invite people to public channels (groups:write for private ones).' }],
  resources: namedByInput,
  options: { channel: 'channels', users: 'users' },
  input: z.strictObject({ channel: channelId, users: z.array(userId).min(1).max(100).describe('Ids of the people, at most 100.') }),
  output: z.object({ already_in_channel: z.array(z.string()).describe('Who was there before.') }),
  async run({ input: { channel, users }, http, key }) {
    const invite = (invited: string, child = key) =>
      http.post(path`/conversations.invite`, { json: { channel, users: invited }, key: child, response: z.object({}) });
    if ((await unlessTold(invite(users.join(',')), told)) !== undefined) return { already_in_channel: [] };
    if (users.length === 1) return { already_in_channel: users };
    const there: string[] = [];
    for (const user of users) if ((await unlessTold(invite(user, key.child(user)), told)) === undefined) there.push(user);
    return { already_in_channel: there };
  },
});
