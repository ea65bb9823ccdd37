import { path } from '@patchbay/core';
import type { OptionSource } from '@patchbay/core/host';
import { ofNoProject } from '../jira-resources.ts';
import { fieldsSchema } from '../jira-schemas.ts';
import { offsetIn, pageOptions } from './offset-page.ts';

const pageSize = 200;

/** The fields of the site, by their ids. Jira gives all of them at once. */
export const fields: OptionSource = {
  title: 'Fields',
  scopes: [{ scope: 'read:jira-work', reason: 'To offer fields.' }],
  resources: ofNoProject,
  searches: true,
  async list({ http, search, cursor }) {
    const startAt = offsetIn(cursor);
    const wanted = search.toLowerCase();
    const all = await http.get(path`/api/3/field`, { response: fieldsSchema });
    const found = all.filter(({ id, name }) => `${name}\n${id}`.toLowerCase().includes(wanted));
    const values = found.slice(startAt, startAt + pageSize);
    return pageOptions(startAt, { values, total: found.length }, ({ id, name }) => ({ value: id, label: name, description: id }));
  },
};
