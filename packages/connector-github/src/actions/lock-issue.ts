import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { issueNumber, repositoryInput } from '../github-schemas.ts';

/** Locks or unlocks a conversation. GitHub answers the same where it is so already. */
export const lockIssue = defineAction({
  title: 'Lock issue',
  description: 'Locks the conversation of an issue or pull request, or unlocks it.',
  idempotency: 'idempotent',
  scopes: [repoScope('lock conversations')],
  resources: namedByInput,
  options: { repo: 'repositories' },
  input: z.strictObject({
    ...repositoryInput,
    issue_number: issueNumber.describe('Number of the issue or pull request.'),
    locked: z.boolean().optional().describe('false unlocks. true unless set.'),
    lock_reason: z.enum(['off-topic', 'too heated', 'resolved', 'spam']).optional(),
  }),
  output: z.object({ locked: z.boolean() }),
  async run({ input: { owner, repo, issue_number: number, locked = true, lock_reason }, http }) {
    const lock = path`/repos/${owner}/${repo}/issues/${number}/lock`;
    if (locked) await http.put(lock, { json: lock_reason === undefined ? {} : { lock_reason }, response: z.unknown() });
    else await http.delete(lock, { response: z.unknown() });
    return { locked };
  },
});
