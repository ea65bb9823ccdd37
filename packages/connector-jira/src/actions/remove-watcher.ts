import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByIssue } from '../jira-resources.ts';
import { accountId, issueIdOrKey } from '../jira-schemas.ts';
import { deleteOnce } from './delete-once.ts';

/** Takes somebody off the watchers of an issue. */
export const removeWatcher = defineAction({
  title: 'Remove watcher',
  description: 'Takes somebody off the watchers of an issue.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'write:jira-work', reason: 'To remove watchers.' }],
  resources: namedByIssue,
  options: { watcher: 'users' },
  input: z.strictObject({ issue: issueIdOrKey.describe('Key or id of the issue.'), watcher: accountId.describe('Account id.') }),
  output: z.object({ issue: z.string(), watcher: z.string() }),
  async run({ input: { issue, watcher }, http }) {
    await deleteOnce(http, path`/api/3/issue/${issue}/watchers`, { accountId: watcher });
    return { issue, watcher };
  },
});
