import { path } from '@patchbay/core';
import type { OptionSource } from '@patchbay/core/host';
import { z } from 'zod';
import { untouched } from '../slack-resources.ts';

const answer = z.object({ usergroups: z.array(z.object({ id: z.string(), name: z.string(), handle: z.string().optional() })) });

// A page of choices has at most as many, and Slack gives all user groups at once.
const pageSize = 200;

/** User groups by their ids. */
export const usergroups: OptionSource = {
  title: 'User groups',
  resources: untouched,
  scopes: [{ scope: 'usergroups:read', reason: 'To offer user groups to choose from.' }],
  async list({ http, cursor }) {
    const start = typeof cursor === 'number' ? cursor : 0;
    const { usergroups: all } = await http.get(path`/usergroups.list`, { response: answer });
    const options = all.slice(start, start + pageSize).map(({ id, name, handle }) => ({
      value: id,
      label: name,
      ...(handle === undefined ? {} : { description: `@${handle}` }),
    }));
    return start + pageSize < all.length ? { options, cursor: start + pageSize } : { options };
  },
};
