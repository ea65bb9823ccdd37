import { defineAction, PatchbayError, path } from '@patchbay/core';
import { z } from 'zod';
import { reachesAny } from '../slack-resources.ts';
import { channelName, conversationSchema, identitySchema, teamId } from '../slack-schemas.ts';
import { findChannel } from './find-channel.ts';
import { unlessTold } from './unless-told.ts';

const answer = z.object({ channel: conversationSchema });

/**
 * Makes a channel. Its name is unique in a workspace, so a repeat makes no second one: it is told that the name is taken, and a channel that this account
 * made is the one. A name that somebody else took is an error.
 */
export const createChannel = defineAction({
  title: 'Create channel',
  description: 'Makes a channel. One of this name that the account made before counts as success.',
  idempotency: 'idempotent',
  scopes: [
    { scope: 'channels:manage', reason: 'To make public channels (groups:write for private ones).' },
    { scope: 'channels:read', reason: 'To tell a channel that the account made from one of somebody else.' },
  ],
  resources: reachesAny,
  input: z.strictObject({ name: channelName, is_private: z.boolean().default(false), team_id: teamId }),
  output: z.object({ channel: conversationSchema, already_there: z.boolean() }),
  async run({ input, http }) {
    const made = await unlessTold(http.post(path`/conversations.create`, { json: input, response: answer }), ['name_taken']);
    if (made !== undefined) return { ...made, already_there: false };
    const types = input.is_private ? 'private_channel' : 'public_channel';
    const id = await findChannel({ http, name: input.name, types, team: input.team_id });
    if (id === undefined) throw taken();
    const { channel } = await http.get(path`/conversations.info`, { query: { channel: id }, response: answer });
    const { user_id: account } = await http.get(path`/auth.test`, { response: identitySchema });
    if (channel.creator !== account) throw taken();
    return { channel, already_there: true };
  },
});

const taken = (): PatchbayError =>
  new PatchbayError({
    code: 'provider_conflict',
    message: 'Another channel has this name already, perhaps one that is archived. Choose another name.',
    details: { providerCode: 'name_taken' },
    sent: 'no',
  });
