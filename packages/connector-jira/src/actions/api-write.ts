import { defineAction } from '@patchbay/core';
import { z } from 'zod';
import { namedByNothing } from '../jira-resources.ts';
import { apiPath, apiSegments, queryValues } from './name-path.ts';

/** Writes anything of the REST API below /rest. Nobody knows what a repeat would do, so there is none. */
export const apiWrite = defineAction({
  title: 'Write to the API',
  description: 'Sends a POST, PUT, PATCH or DELETE to a path of the REST API, given as its segments below /rest.',
  idempotency: 'unsafe',
  scopes: [{ scope: 'write:jira-work', reason: 'To change what is named.' }],
  resources: namedByNothing,
  input: z.strictObject({
    method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']),
    path: apiSegments,
    query: queryValues.optional(),
    body: z.json().optional().describe('Sent as JSON.'),
  }),
  output: z.object({ body: z.unknown().describe('The answer; null where it is empty.') }),
  async run({ input: { method, path, query = {}, body }, http }) {
    const options = { query, response: z.unknown(), ...(body === undefined ? {} : { json: body }) };
    const call = { POST: http.post, PUT: http.put, PATCH: http.patch, DELETE: http.delete }[method];
    return { body: (await call(apiPath(path), options)) ?? null };
  },
});
