import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { untouched } from '../slack-resources.ts';

const profile = z.object({
  status_text: z.string(),
  status_emoji: z.string(),
  status_expiration: z.number().optional(),
});

/** Sets the person's own status. */
export const setStatus = defineAction({
  title: 'Set status',
  description: "Sets the person's own status; an empty text and emoji take it away.",
  idempotency: 'idempotent',
  scopes: [{ scope: 'users.profile:write', reason: "To set the person's own status." }],
  resources: untouched,
  input: z.strictObject({
    status_text: z.string().max(100).describe('At most 100 characters.'),
    status_emoji: z
      .string()
      .regex(/^(:[^\s:]{1,100}:)?$/u)
      .default('')
      .describe('An emoji with its colons, such as :palm_tree:.'),
    status_expiration: z.number().int().min(0).default(0).describe('When it ends, in seconds since 1970; 0 for never.'),
  }),
  output: z.object({ profile }),
  run: ({ input, http }) => http.post(path`/users.profile.set`, { json: { profile: input }, response: z.object({ profile }) }),
});
