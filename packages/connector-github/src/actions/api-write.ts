import { defineAction } from '@patchbay/core';
import { z } from 'zod';
import { queryInput } from './api-read.ts';
import { joinSegments, segmentsInput } from './join-segments.ts';

/** Any writing request of the REST API. Nobody knows what a repeat of it would do, so a lost answer waits for a person. */
export const apiWrite = defineAction({
  title: 'Write to the API',
  description: 'Sends a POST, PUT, PATCH or DELETE to any path of the REST API and gives the answer as it comes.',
  idempotency: 'unsafe',
  resources: { repository: 'any' },
  input: z.strictObject({
    method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']),
    path: segmentsInput,
    query: queryInput,
    body: z
      .union([z.record(z.string(), z.json()), z.array(z.json())])
      .optional()
      .describe('Sent as JSON.'),
  }),
  output: z.object({ data: z.json() }),
  async run({ input: { method, path, query = {}, body }, http }) {
    const options = { query, ...(body === undefined ? {} : { json: body }), response: z.json() };
    const send = { POST: http.post, PUT: http.put, PATCH: http.patch, DELETE: http.delete }[method];
    return { data: await send(joinSegments(path), options) };
  },
});
