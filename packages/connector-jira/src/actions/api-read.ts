import { defineAction } from '@patchbay/core';
import { z } from 'zod';
import { namedByNothing } from '../jira-resources.ts';
import { apiPath, apiSegments, queryValues } from './name-path.ts';

/** Reads anything of the REST API below /rest: the platform's (api, 3, …) and Jira Software's (agile, 1.0, …). */
export const apiRead = defineAction({
  title: 'Read from the API',
  description: 'Sends a GET to a path of the REST API, given as its segments below /rest, such as ["api", "3", "serverInfo"].',
  idempotency: 'read',
  scopes: [{ scope: 'read:jira-work', reason: 'To read what is asked for.' }],
  resources: namedByNothing,
  input: z.strictObject({ path: apiSegments, query: queryValues.optional() }),
  output: z.object({ body: z.unknown().describe('The answer; null where it is empty.') }),
  async run({ input: { path, query = {} }, http }) {
    const body = await http.get(apiPath(path), { query, response: z.unknown() });
    return { body: body ?? null };
  },
});
