import { path } from '@patchbay/core';
import type { OptionSource } from '@patchbay/core/host';
import { z } from 'zod';
import { conversationSchema, cursorFields } from '../slack-schemas.ts';

const page = z.object({ channels: z.array(conversationSchema), ...cursorFields });

/** Channels by their ids. */
export const channels: OptionSource = {
  title: 'Public channels',
  scopes: [{ scope: 'channels:read', reason: 'To offer channels to choose from.' }],
  resource: 'channel',
  async list({ http, cursor }) {
    const query = { exclude_archived: true, limit: 200, ...(typeof cursor === 'string' ? { cursor } : {}) };
    const answer = await http.get(path`/conversations.list`, { query, response: page });
    const options = answer.channels.map(({ id, name = id, topic }) => ({
      value: id,
      label: `#${name}`,
      ...(topic?.value ? { description: topic.value } : {}),
    }));
    return { options, ...nextOf(answer) };
  },
};

/** Where the next page begins; Slack marks the last with an empty cursor or none. */
export function nextOf({ response_metadata: end }: { response_metadata?: { next_cursor?: string | undefined } | undefined }) {
  return end?.next_cursor ? { cursor: end.next_cursor } : {};
}
