import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { issueNumber, repositoryInput } from '../github-schemas.ts';
import { issueAnswer, issueOutput, showIssue } from './show-issue.ts';

/** Reads an issue or a pull request as an issue. */
export const getIssue = defineAction({
  title: 'Get issue',
  description: 'Reads an issue, or what a pull request has of one.',
  idempotency: 'read',
  scopes: [repoScope('read issues')],
  resources: namedByInput,
  options: { repo: 'repositories' },
  input: z.strictObject({ ...repositoryInput, issue_number: issueNumber }),
  output: issueOutput,
  async run({ input: { owner, repo, issue_number: number }, http }) {
    return showIssue(await http.get(path`/repos/${owner}/${repo}/issues/${number}`, { response: issueAnswer }));
  },
});
