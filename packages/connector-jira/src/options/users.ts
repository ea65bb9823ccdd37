import { path } from '@patchbay/core';
import type { OptionSource } from '@patchbay/core/host';
import { z } from 'zod';
import { ofNoProject } from '../jira-resources.ts';
import { offsetIn } from './offset-page.ts';

const pageSize = 100;

const user = z.object({
  accountId: z.string(),
  displayName: z.string().nullish(),
  accountType: z.string().nullish(),
  active: z.boolean().nullish(),
});

/** People, by their account ids. Those whom the account may not see are left out of a page, so a short one is not the last. */
export const users: OptionSource = {
  title: 'People',
  scopes: [{ scope: 'read:jira-user', reason: 'To offer people.' }],
  resources: ofNoProject,
  searches: true,
  async list({ http, search, cursor }) {
    const startAt = offsetIn(cursor);
    const page = { startAt, maxResults: pageSize };
    const found =
      search === ''
        ? await http.get(path`/api/3/users/search`, { query: page, response: z.array(user) })
        : await http.get(path`/api/3/user/search`, { query: { ...page, query: search }, response: z.array(user) });
    const options = found
      .filter(({ active, accountType }) => active !== false && accountType !== 'app')
      .map(({ accountId: value, displayName }) => ({ value, label: (displayName ?? value).slice(0, 200) }));
    return found.length === 0 ? { options } : { options, cursor: startAt + pageSize };
  },
};
