import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { untouched } from '../slack-resources.ts';
import { userId } from '../slack-schemas.ts';

const answer = z.object({ presence: z.string().describe('active or away.') });

/** Whether a person is there. */
export const getPresence = defineAction({
  title: 'Get presence',
  description: 'Says whether a person is active or away.',
  idempotency: 'read',
  scopes: [{ scope: 'users:read', reason: 'To see who is there.' }],
  resources: untouched,
  options: { user: 'users' },
  input: z.strictObject({ user: userId }),
  output: answer,
  run: ({ input, http }) => http.get(path`/users.getPresence`, { query: input, response: answer }),
});
