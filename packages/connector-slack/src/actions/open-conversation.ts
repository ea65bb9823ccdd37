import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { reachesAny } from '../slack-resources.ts';
import { userId } from '../slack-schemas.ts';

/** Opens a direct message with one person or several. There is one for each set of people, so a repeat gives the same. */
export const openConversation = defineAction({
  title: 'Open conversation',
  description: 'Opens a direct message with one person, or a group message with up to eight, and gives its id.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'im:write', reason: 'To open direct messages (mpim:write for those with several people).' }],
  resources: reachesAny,
  options: { users: 'users' },
  input: z.strictObject({ users: z.array(userId).min(1).max(8).describe('Ids of the other people.') }),
  output: z.object({ channel: z.string().describe('Id of the conversation.') }),
  async run({ input, http }) {
    const { channel } = await http.post(path`/conversations.open`, {
      json: { users: input.users.join(',') },
      response: z.object({ channel: z.object({ id: z.string() }) }),
    });
    return { channel: channel.id };
  },
});
