import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../github-resources.ts';
import { issueSchema, markdown, repositoryInput } from '../github-schemas.ts';
import { clockTolerance, isMarked, markBody } from './mark-body.ts';

/** Most issues that one search looks at. A repository that gets more in a few minutes is answered with `cannot_tell`. */
const mostIssues = 1_000;

/** Opens an issue. GitHub takes no idempotency key: the key stands in the body, hidden, and is looked for among the newest issues. */
export const createIssue = defineAction({
  title: 'Create issue',
  description: 'Opens an issue in a repository.',
  idempotency: 'reconcilable',
  // The listing shows a new issue at once; the minute is for a request that GitHub still works on after our time-out.
  settlesWithin: 60_000,
  scopes: [{ scope: 'repo', reason: 'To open issues, also in private repositories. For public ones public_repo is enough.' }],
  resources: namedByInput,
  options: { repo: 'repositories', labels: 'labels', assignees: 'assignees', milestone: 'milestones' },
  input: z.strictObject({
    ...repositoryInput,
    title: z.string().min(1).max(256),
    body: markdown.optional().describe('Markdown.'),
    labels: z.array(z.string().min(1)).max(100).optional().describe('Dropped by GitHub without a word if the token has no push access.'),
    assignees: z.array(z.string().min(1)).max(10).optional().describe('Logins. Dropped like labels.'),
    milestone: z.number().int().positive().optional().describe('Number of the milestone. Dropped like labels.'),
  }),
  output: z.object({ id: z.number(), number: z.number(), url: z.string() }),
  async run({ input: { owner, repo, body, ...fields }, http, key }) {
    const json = { ...fields, body: markBody(key, body) };
    return toOutput(await http.post(path`/repos/${owner}/${repo}/issues`, { json, response: issueSchema }));
  },
  async reconcile({ input: { owner, repo }, http, key, since }) {
    const issues = http.pages(path`/repos/${owner}/${repo}/issues`, {
      query: { state: 'all', sort: 'created', direction: 'desc', per_page: 100 },
      response: z.array(issueSchema),
      items: (page) => page,
      next: (_page, link) => link,
    });
    let seen = 0;
    let found: z.output<typeof issueSchema> | undefined;
    for await (const issue of issues) {
      if (Date.parse(issue.created_at) < since - clockTolerance) break;
      if (++seen > mostIssues) return { answer: 'cannot_tell', reason: `More than ${mostIssues} issues have come since.` };
      // The oldest wins: a person may have copied the source of ours into a newer one.
      if (issue.pull_request === undefined && isMarked(key, issue.body)) found = issue;
    }
    return found ? { answer: 'found', output: toOutput(found) } : { answer: 'absent' };
  },
});

function toOutput({ id, number, html_url: url }: z.output<typeof issueSchema>): { id: number; number: number; url: string } {
  return { id, number, url };
}
