import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { login, repositoryInput } from '../github-schemas.ts';

/** Sets what somebody may do in a repository. GitHub invites them once, and answers 204 for whom it knows there. */
export const addCollaborator = defineAction({
  title: 'Add collaborator',
  description: 'Invites somebody to a repository, or sets what they may do there.',
  idempotency: 'idempotent',
  scopes: [repoScope('invite people')],
  resources: namedByInput,
  options: { repo: 'repositories' },
  input: z.strictObject({
    ...repositoryInput,
    username: login,
    permission: z
      .string()
      .regex(/^[A-Za-z0-9 ._-]{1,100}$/)
      .optional()
      .describe(
        'pull, triage, push, maintain, admin, or a role of the organisation. push unless set; only repositories of organisations take another.',
      ),
  }),
  output: z.object({ username: z.string() }),
  async run({ input: { owner, repo, username, ...json }, http }) {
    await http.put(path`/repos/${owner}/${repo}/collaborators/${username}`, { json, response: z.unknown() });
    return { username };
  },
});
