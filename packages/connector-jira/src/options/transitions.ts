import { path } from '@patchbay/core';
import type { OptionSource } from '@patchbay/core/host';
import { namedByIssue } from '../jira-resources.ts';
import { transitionsSchema } from '../jira-schemas.ts';
import { givenText } from './given-text.ts';

const shared = {
  needs: ['issue'],
  resources: namedByIssue,
  scopes: [{ scope: 'read:jira-work', reason: 'To offer what an issue can become.' }],
} as const;

/** The transitions that an issue can make, by their ids. */
export const transitions: OptionSource = {
  ...shared,
  title: 'Transitions',
  async list({ http, given }) {
    const found = await http.get(path`/api/3/issue/${givenText(given, 'issue')}/transitions`, { response: transitionsSchema });
    return { options: found.transitions.map(({ id, name, to }) => ({ value: id, label: `${name} (to ${to.name})`.slice(0, 200) })) };
  },
};

/** The statuses that they lead to, by their names. */
export const statuses: OptionSource = {
  ...shared,
  title: 'Statuses',
  async list({ http, given }) {
    const found = await http.get(path`/api/3/issue/${givenText(given, 'issue')}/transitions`, { response: transitionsSchema });
    const names = [...new Set(found.transitions.map(({ to }) => to.name))];
    return { options: names.map((name) => ({ value: name, label: name.slice(0, 200) })) };
  },
};
