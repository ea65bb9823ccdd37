import { defineAction } from '@patchbay/core';
import { z } from 'zod';
import { joinSegments, segmentsInput } from './join-segments.ts';

const value = z.union([z.string().max(2_000), z.number(), z.boolean()]);

/** What stands after the question mark of an address. */
export const queryInput = z.record(z.string().min(1).max(100), value).optional().describe('What stands after the question mark.');

/** Any GET of the REST API. */
export const apiRead = defineAction({
  title: 'Read from the API',
  description: 'Sends a GET to any path of the REST API and gives the answer as it comes.',
  idempotency: 'read',
  resources: { repository: 'any' },
  input: z.strictObject({ path: segmentsInput, query: queryInput }),
  output: z.object({ data: z.json() }),
  async run({ input: { path, query = {} }, http }) {
    return { data: await http.get(joinSegments(path), { query, response: z.json() }) };
  },
});
