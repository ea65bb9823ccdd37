import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../slack-resources.ts';
import { channelId, teamId, userId } from '../slack-schemas.ts';
import { given } from './read-listing.ts';

const fileSchema = z.object({
  id: z.string(),
  name: z.string().nullish(),
  title: z.string().nullish(),
  mimetype: z.string().optional(),
  size: z.number().optional(),
  user: z.string().optional(),
  created: z.number().optional(),
  permalink: z.string().optional(),
});

const page = z.object({ files: z.array(fileSchema), paging: z.object({ page: z.number(), pages: z.number() }) });

// files.list has no cursor: its pages have numbers.
const pageSize = 100;

/** Files that the account can see. */
export const listFiles = defineAction({
  title: 'List files',
  description: 'Lists files, the newest first, of a channel or of all that the account can see.',
  idempotency: 'read',
  paginated: true,
  scopes: [{ scope: 'files:read', reason: 'To list files.' }],
  resources: namedByInput,
  options: { channel: 'channels', user: 'users' },
  input: z.strictObject({
    channel: channelId.optional(),
    user: userId.optional().describe('Only files of this person.'),
    types: z
      .array(z.enum(['spaces', 'snippets', 'images', 'gdocs', 'zips', 'pdfs']))
      .min(1)
      .optional(),
    ts_from: z.number().int().min(0).optional().describe('Only files made at this time or later, in seconds since 1970.'),
    ts_to: z.number().int().min(0).optional().describe('Only files made at this time or before.'),
    team_id: teamId,
    max_items: z.number().int().min(1).max(1_000).default(100).describe('Most files that are given.'),
  }),
  output: z.object({ files: z.array(fileSchema) }),
  async run({ input: { max_items: most, types, ...query }, http }) {
    const listed = http.pages(path`/files.list`, {
      query: given({ ...query, types: types?.join(','), count: Math.min(most, pageSize) }),
      response: page,
      items: ({ files }) => files,
      paging: { by: 'page', isLast: ({ paging }) => paging.page >= paging.pages },
    });
    const files: z.output<typeof fileSchema>[] = [];
    for await (const file of listed) if (files.push(file) >= most) break;
    return { files };
  },
});
