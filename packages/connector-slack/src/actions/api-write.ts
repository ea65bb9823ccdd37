import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { writingPath } from '../formats/method-name.ts';
import { reachesAny } from '../slack-resources.ts';

const answer = z.record(z.string(), z.json());

/** Any method of the Web API. Nobody knows what a repeat would do. */
export const apiWrite = defineAction({
  title: 'Write to the API',
  description: 'Calls any method of the Web API with arguments as JSON, and gives its answer as it is.',
  idempotency: 'unsafe',
  resources: reachesAny,
  input: z.strictObject({
    path: writingPath,
    method: z.literal('POST').default('POST').describe('The Web API knows no other.'),
    json: z.record(z.string(), z.json()).default({}),
  }),
  output: z.object({ body: answer }),
  run: async ({ input, http }) => ({ body: await http.post(path`/${input.path[0]}`, { json: input.json, response: answer }) }),
});
