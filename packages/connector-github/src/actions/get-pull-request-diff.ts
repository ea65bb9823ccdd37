import { defineAction, PatchbayError, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { issueNumber, repositoryInput } from '../github-schemas.ts';

/** Longest diff that is given, characters: the output of an action is kept up to 1 MiB. */
const longestDiff = 500_000;

/** Reads what a pull request changes, as text. GitHub gives no diff of more than 20,000 lines: it answers 406. */
export const getPullRequestDiff = defineAction({
  title: 'Get pull request diff',
  description: 'Reads what a pull request changes, as one text in the form of git diff.',
  idempotency: 'read',
  scopes: [repoScope('read pull requests')],
  resources: namedByInput,
  options: { repo: 'repositories' },
  input: z.strictObject({ ...repositoryInput, pull_number: issueNumber }),
  output: z.object({ diff: z.string(), truncated: z.boolean().describe(`True where more than ${longestDiff} characters were cut.`) }),
  async run({ input: { owner, repo, pull_number: number }, http }) {
    const headers = { accept: 'application/vnd.github.diff' };
    const answer = await http.bytes(path`/repos/${owner}/${repo}/pulls/${number}`, { headers });
    if (!String(answer.headers['content-type'] ?? '').startsWith('application/vnd.github.diff')) throw notADiff();
    const text = Buffer.from(answer.body).toString('utf8');
    return { diff: text.slice(0, longestDiff).toWellFormed(), truncated: text.length > longestDiff };
  },
});

function notADiff(): PatchbayError {
  return new PatchbayError({
    code: 'response_invalid',
    message: 'GitHub answered with something that is no diff. Look whether the address is that of its REST API.',
  });
}
