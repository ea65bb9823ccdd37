import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId } from '../slack-schemas.ts';

const answer = z.object({ bookmark: z.object({ id: z.string(), title: z.string(), link: z.string().nullish() }) });

/** Adds a link to the bookmarks of a channel. Slack keeps two of the same link, and no mark of ours with either. */
export const addBookmark = defineAction({
  title: 'Add bookmark',
  description: 'Adds a link to the bookmarks at the top of a channel.',
  idempotency: 'unsafe',
  scopes: [{ scope: 'bookmarks:write', reason: 'To add bookmarks.' }],
  resources: namedByInput,
  options: { channel: 'channels' },
  input: z.strictObject({
    channel: channelId,
    title: z.string().min(1).max(255),
    link: z.url({ protocol: /^https?$/ }).max(3_000),
    emoji: z
      .string()
      .regex(/^:[^\s:]{1,100}:$/u)
      .optional()
      .describe('An emoji with its colons, such as :books:.'),
  }),
  output: answer,
  run: ({ input: { channel, ...fields }, http }) =>
    http.post(path`/bookmarks.add`, { json: { channel_id: channel, type: 'link', ...fields }, response: answer }),
});
