import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { readingPath } from '../formats/method-name.ts';
import { reachesAny } from '../slack-resources.ts';

const answer = z.record(z.string(), z.json());

/** Any method of the Web API that reads. Its scopes are the method's: Slack says which is missing. */
export const apiRead = defineAction({
  title: 'Read from the API',
  description: 'Calls any method of the Web API that only reads, and gives its answer as it is.',
  idempotency: 'read',
  resources: reachesAny,
  input: z.strictObject({
    path: readingPath,
    query: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  }),
  output: z.object({ body: answer }),
  run: async ({ input, http }) => ({ body: await http.get(path`/${input.path[0]}`, { query: input.query, response: answer }) }),
});
