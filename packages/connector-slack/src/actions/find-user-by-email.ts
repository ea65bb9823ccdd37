import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { untouched } from '../slack-resources.ts';
import { userSchema } from '../slack-schemas.ts';

const answer = z.object({ user: userSchema });

/** The person with an address. */
export const findUserByEmail = defineAction({
  title: 'Find user by email',
  description: 'Finds the person with an email address. That there is none is an error, provider_not_found.',
  idempotency: 'read',
  scopes: [
    { scope: 'users:read', reason: 'To look at people.' },
    { scope: 'users:read.email', reason: 'To find people by their address.' },
  ],
  resources: untouched,
  input: z.strictObject({ email: z.email().max(254) }),
  output: answer,
  run: ({ input, http }) => http.get(path`/users.lookupByEmail`, { query: input, response: answer }),
});
