import { path } from '@patchbay/core';
import type { OptionSource } from '@patchbay/core/host';
import { z } from 'zod';
import { untouched } from '../slack-resources.ts';
import { cursorFields, userSchema } from '../slack-schemas.ts';
import { nextOf } from './channels.ts';

const page = z.object({ members: z.array(userSchema), ...cursorFields });

/** People by their ids, without bots and those who have left. */
export const users: OptionSource = {
  title: 'People',
  resources: untouched,
  scopes: [{ scope: 'users:read', reason: 'To offer people to choose from.' }],
  async list({ http, cursor }) {
    const query = { limit: 200, ...(typeof cursor === 'string' ? { cursor } : {}) };
    const answer = await http.get(path`/users.list`, { query, response: page });
    const people = answer.members.filter(({ deleted, is_bot: bot }) => deleted !== true && bot !== true);
    const options = people.map(({ id, name, real_name: real, profile }) => ({
      value: id,
      label: real || profile?.real_name || name || id,
      ...(name === undefined ? {} : { description: `@${name}` }),
    }));
    return { options, ...nextOf(answer) };
  },
};
