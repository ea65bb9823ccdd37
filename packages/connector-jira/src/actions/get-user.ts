import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { ofNoProject } from '../jira-resources.ts';
import { accountId } from '../jira-schemas.ts';

/** Reads a person by account id. */
export const getUser = defineAction({
  title: 'Get user',
  description: 'Reads the name and time zone of an account.',
  idempotency: 'read',
  scopes: [{ scope: 'read:jira-user', reason: 'To read people.' }],
  resources: ofNoProject,
  options: { user: 'users' },
  input: z.strictObject({ user: accountId.describe('Account id.') }),
  output: z.object({
    id: z.string(),
    name: z.string().nullable(),
    email: z.string().nullable().describe('Null where its owner does not show it.'),
    active: z.boolean(),
    time_zone: z.string().nullable(),
  }),
  async run({ input: { user }, http }) {
    const found = await http.get(path`/api/3/user`, {
      query: { accountId: user },
      response: z.object({
        accountId: z.string(),
        displayName: z.string().nullish(),
        emailAddress: z.string().nullish(),
        active: z.boolean().nullish(),
        timeZone: z.string().nullish(),
      }),
    });
    return {
      id: found.accountId,
      name: found.displayName ?? null,
      email: found.emailAddress ?? null,
      active: found.active ?? true,
      time_zone: found.timeZone ?? null,
    };
  },
});
