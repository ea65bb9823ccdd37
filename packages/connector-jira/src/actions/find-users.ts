import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { ofNoProject } from '../jira-resources.ts';
import { more, most } from '../jira-schemas.ts';
import { pageSize } from './page-size.ts';

const user = z.object({
  accountId: z.string(),
  displayName: z.string().nullish(),
  emailAddress: z.string().nullish(),
  active: z.boolean().nullish(),
  accountType: z.string().nullish(),
});

/** Jira gives the first of those whom the text fits, and nobody beyond. */
const mostPeople = 1_000;

/** Finds people by name or e-mail address. Those whom the account may not see are left out of a page, so a short one is not the last. */
export const findUsers = defineAction({
  title: 'Find users',
  description: 'Finds people by a part of their name or e-mail address.',
  idempotency: 'read',
  scopes: [{ scope: 'read:jira-user', reason: 'To find people.' }],
  resources: ofNoProject,
  paginated: true,
  input: z.strictObject({ query: z.string().min(1).max(255), limit: most }),
  output: z.object({
    users: z.array(
      z.object({
        id: z.string(),
        name: z.string().nullable(),
        email: z.string().nullable(),
        active: z.boolean(),
        type: z.string().nullable(),
      }),
    ),
    more,
  }),
  async run({ input: { query, limit }, http }) {
    const size = pageSize(limit);
    let startAt = 0;
    const listing = http.pages(path`/api/3/user/search`, {
      query: { query, maxResults: size },
      response: z.array(user),
      items: (page) => page,
      next: (page) => {
        startAt += size;
        return page.length === 0 || startAt >= mostPeople ? undefined : { query, startAt, maxResults: size };
      },
    });
    const { items, more: goesOn } = await listing.first(limit);
    return { users: items.map(toShownUser), more: goesOn };
  },
});

/** Jira tells an e-mail address only where its owner lets it. */
function toShownUser({ accountId: id, displayName, emailAddress, active, accountType }: z.output<typeof user>) {
  return { id, name: displayName ?? null, email: emailAddress ?? null, active: active ?? true, type: accountType ?? null };
}
