import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { branchName, issueSchema, markdown, repositoryInput, title } from '../github-schemas.ts';
import { findMarked, tooMany } from './find-marked.ts';
import { clockTolerance, markBody } from './mark-body.ts';

/** Opens a pull request. Looked up like an issue, among the newest of the same branch: the key stands in the body, hidden. */
export const createPullRequest = defineAction({
  title: 'Create pull request',
  description: 'Opens a pull request from a branch of the repository, or of a fork of it.',
  idempotency: 'reconcilable',
  // The listing shows a new pull request at once; the minute is for a request that GitHub still works on after our time-out.
  settlesWithin: 60_000,
  scopes: [repoScope('open pull requests')],
  resources: { repository: [{ fields: ['owner', 'repo'] }, { fields: ['from.owner', 'from.repo'] }] },
  options: { repo: 'repositories', head: 'branches', base: 'branches' },
  input: z.strictObject({
    ...repositoryInput,
    title,
    head: branchName.describe('Branch with the changes.'),
    base: branchName.describe('Branch that they are to be merged into.'),
    body: markdown.optional().describe('Markdown.'),
    draft: z.boolean().optional(),
    maintainer_can_modify: z.boolean().optional(),
    from: z.strictObject(repositoryInput).optional().describe('The fork that head is a branch of. The repository itself unless set.'),
  }),
  output: z.object({ id: z.number(), number: z.number(), url: z.string() }),
  async run({ input, http, key }) {
    const { owner, repo, from, body, ...fields } = input;
    // GitHub wants the name of the fork where both are of one account: https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request
    const fork = from === undefined || from.owner !== owner ? {} : { head_repo: from.repo };
    const json = { ...fields, ...fork, head: headOf(input), body: markBody(key, body) };
    return toOutput(await http.post(path`/repos/${owner}/${repo}/pulls`, { json, response: issueSchema }));
  },
  async reconcile({ input, http, key, since }) {
    const { owner, repo, from, head } = input;
    const items = http.pages(path`/repos/${owner}/${repo}/pulls`, {
      query: { state: 'all', head: `${from?.owner ?? owner}:${head}`, sort: 'created', direction: 'desc', per_page: 100 },
      response: z.array(issueSchema),
      items: (page) => page,
      paging: { by: 'link' },
    });
    const found = await findMarked({ key, items, isPast: ({ created_at }) => Date.parse(created_at) < since - clockTolerance });
    if (found === 'too many') return tooMany;
    return found ? { answer: 'found', output: toOutput(found) } : { answer: 'absent' };
  },
});

const headOf = ({ head, from }: { head: string; from?: { owner: string } | undefined }): string =>
  from === undefined ? head : `${from.owner}:${head}`;

function toOutput({ id, number, html_url: url }: z.output<typeof issueSchema>): { id: number; number: number; url: string } {
  return { id, number, url };
}
