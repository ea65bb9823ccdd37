import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByIssue } from '../jira-resources.ts';
import { accountId, issueIdOrKey } from '../jira-schemas.ts';

/** Has somebody watch an issue. Who watches it already goes on watching it. */
export const addWatcher = defineAction({
  title: 'Add watcher',
  description: 'Has somebody watch an issue.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'write:jira-work', reason: 'To add watchers.' }],
  resources: namedByIssue,
  options: { watcher: 'users' },
  input: z.strictObject({ issue: issueIdOrKey.describe('Key or id of the issue.'), watcher: accountId.describe('Account id.') }),
  output: z.object({ issue: z.string(), watcher: z.string() }),
  async run({ input: { issue, watcher }, http }) {
    // The body is the id itself, a JSON text.
    await http.post(path`/api/3/issue/${issue}/watchers`, { json: watcher, response: z.unknown() });
    return { issue, watcher };
  },
});
