import { path } from '@patchbay/core';
import type { OptionSource } from '@patchbay/core/host';
import { z } from 'zod';
import { listPage } from '../tasks-schemas.ts';

/** The lists that a person can choose from while an input is filled in. */
export const lists: OptionSource = {
  title: 'Lists',
  scopes: [{ scope: 'tasks:read', reason: 'To offer lists to choose from.' }],
  // Its values are names of this kind of resource: a confined connection is offered those that it may touch.
  resource: 'list',
  async list({ http, cursor }) {
    // A cursor has been in other hands.
    const page = z.string().nullable().catch(null).parse(cursor);
    const { lists: found, next } = await http.get(path`/lists`, { query: page === null ? {} : { page }, response: listPage });
    return { options: found.map(({ id, name }) => ({ value: id, label: name })), cursor: next };
  },
};
