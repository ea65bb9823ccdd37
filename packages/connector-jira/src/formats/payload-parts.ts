import { z } from 'zod';

const named = z.object({ id: z.string().optional(), name: z.string() });
const person = z.object({ accountId: z.string(), displayName: z.string().optional() });
const timestamp = z.number().describe('Milliseconds since 1970.');

const issue = z.object({
  id: z.string(),
  key: z.string(),
  self: z.string(),
  fields: z.object({
    summary: z.string(),
    status: named.optional(),
    issuetype: named.optional(),
    project: z.object({ key: z.string() }).optional(),
  }),
});

/** What the payloads of issue events share. All other fields of a delivery stay. */
export const issueParts = { timestamp, user: person.optional(), issue };

/** Parts of the payloads of several events, by their names. */
export const payloadParts = {
  timestamp,
  person,
  issue,
  changelog: z.object({
    // `toString` is left out on purpose: a schema would find Object's own method where an item lacks it.
    items: z.array(z.object({ field: z.string(), fromString: z.string().nullish() })),
  }),
  comment: z.object({
    id: z.string(),
    body: z.unknown().describe('Text or a document, as Jira sends it.'),
    author: person.optional(),
    created: z.string(),
  }),
  sprint: z.object({
    id: z.number(),
    name: z.string(),
    state: z.string(),
    originBoardId: z.number().optional(),
    startDate: z.string().nullish(),
    endDate: z.string().nullish(),
    completeDate: z.string().nullish(),
    goal: z.string().nullish(),
  }),
};
