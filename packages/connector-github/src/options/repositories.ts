import { isPatchbayError, path } from '@patchbay/core';
import type { InputOption, OptionCall, OptionPage, OptionSource } from '@patchbay/core/host';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { login } from '../github-schemas.ts';
import { pageOfChoices } from './page-of-choices.ts';

const repository = z.object({
  name: z.string(),
  full_name: z.string(),
  description: z.string().nullish(),
  owner: z.object({ login: z.string() }),
});
type Show = (item: z.output<typeof repository>) => readonly InputOption[];

/** What the account reaches; of an installation, which is nobody's, what it reaches: GitHub answers 403 for its user. */
async function reached(call: OptionCall, show: Show): Promise<OptionPage> {
  const { http, cursor } = call;
  const listing = { http, cursor, at: path`/user/repos`, query: { sort: 'full_name' }, response: z.array(repository) };
  try {
    return await pageOfChoices({ ...listing, items: (all) => all, show });
  } catch (error) {
    if (!isPatchbayError(error) || error.code !== 'permission_denied') throw error;
    return await ofInstallation(call, show).catch(() => Promise.reject(error));
  }
}

const ofInstallation = ({ http, cursor }: OptionCall, show: Show): Promise<OptionPage> =>
  pageOfChoices({
    http,
    cursor,
    at: path`/installation/repositories`,
    response: z.object({ repositories: z.array(repository) }),
    items: ({ repositories: all }) => all,
    show,
  });

/** Names of the repositories of one owner, as far as the account reaches them. */
export const repositories: OptionSource = {
  title: 'Repositories',
  needs: ['owner'],
  scopes: [repoScope('list repositories')],
  resource: 'repository',
  list: (call) => {
    const owner = login.safeParse(call.given['owner']).data?.toLowerCase();
    return reached(call, ({ name, full_name: resource, description, owner: whose }) => {
      const described = description ? { description: description.slice(0, 200) } : {};
      return whose.login.toLowerCase() === owner ? [{ value: name, label: name, resource, ...described }] : [];
    });
  },
};
