import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { issueNumber, repositoryInput } from '../github-schemas.ts';
import { pullRequestAnswer, pullRequestOutput, showPullRequest } from './show-pull-request.ts';

/** Reads a pull request. */
export const getPullRequest = defineAction({
  title: 'Get pull request',
  description: 'Reads a pull request: its branches, its state, and whether it can be merged.',
  idempotency: 'read',
  scopes: [repoScope('read pull requests')],
  resources: namedByInput,
  options: { repo: 'repositories' },
  input: z.strictObject({ ...repositoryInput, pull_number: issueNumber }),
  output: pullRequestOutput,
  async run({ input: { owner, repo, pull_number: number }, http }) {
    return showPullRequest(await http.get(path`/repos/${owner}/${repo}/pulls/${number}`, { response: pullRequestAnswer }));
  },
});
