import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { untouched } from '../slack-resources.ts';
import { userId, userSchema } from '../slack-schemas.ts';

const answer = z.object({ user: userSchema });

/** One person. */
export const getUser = defineAction({
  title: 'Get user',
  description: 'Gives what is known of a person.',
  idempotency: 'read',
  scopes: [{ scope: 'users:read', reason: 'To look at people (users:read.email for their addresses).' }],
  resources: untouched,
  options: { user: 'users' },
  input: z.strictObject({ user: userId }),
  output: answer,
  run: ({ input, http }) => http.get(path`/users.info`, { query: input, response: answer }),
});
