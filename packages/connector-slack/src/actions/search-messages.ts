import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { reachesAny } from '../slack-resources.ts';
import { teamId } from '../slack-schemas.ts';
import { given } from './read-listing.ts';

const matchSchema = z.object({
  ts: z.string(),
  text: z.string().optional(),
  user: z.string().nullish(),
  username: z.string().optional(),
  permalink: z.string().optional(),
  channel: z.object({ id: z.string(), name: z.string().optional() }),
});

const pageSchema = z.object({
  messages: z.object({ matches: z.array(matchSchema), paging: z.object({ page: z.number(), pages: z.number() }) }),
});

// Slack gives at most 100 matches on a page, and pages by their numbers.
const pageSize = 100;

/** Searches as the person would. Slack has it for tokens of people alone. */
export const searchMessages = defineAction({
  title: 'Search messages',
  description: 'Searches the messages that the person can see, in the words of the search of Slack.',
  idempotency: 'read',
  paginated: true,
  scopes: [{ scope: 'search:read', reason: 'To search the messages that the person can see.' }],
  resources: reachesAny,
  input: z.strictObject({
    query: z.string().min(1).max(1_000).describe('What is searched for, such as in:#ops from:@ada after:2026-01-01 outage.'),
    sort: z.enum(['score', 'timestamp']).optional(),
    sort_dir: z.enum(['asc', 'desc']).optional(),
    team_id: teamId,
    max_items: z.number().int().min(1).max(1_000).default(100).describe('Most matches that are given.'),
  }),
  output: z.object({ messages: z.array(matchSchema) }),
  async run({ input: { max_items: most, ...query }, http }) {
    const matches = http.pages(path`/search.messages`, {
      query: given({ ...query, count: Math.min(most, pageSize) }),
      response: pageSchema,
      items: ({ messages }) => messages.matches,
      paging: { by: 'page', isLast: ({ messages: { paging } }) => paging.page >= paging.pages },
    });
    const messages: z.output<typeof matchSchema>[] = [];
    for await (const match of matches) if (messages.push(match) >= most) break;
    return { messages };
  },
});
