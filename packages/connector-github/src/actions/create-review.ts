import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { commentSchema, filePath, issueNumber, markdown, repositoryInput, sha } from '../github-schemas.ts';
import { findMarked, tooMany } from './find-marked.ts';
import { markBody } from './mark-body.ts';

const side = z.enum(['LEFT', 'RIGHT']).optional().describe('LEFT: as it was before. RIGHT: as it is after; RIGHT unless set.');

const remark = z.strictObject({
  path: filePath,
  line: z.number().int().positive().describe('Line of the file, the last one of several.'),
  side,
  start_line: z.number().int().positive().optional().describe('The first of several lines.'),
  start_side: side,
  body: markdown.min(1).describe('Markdown.'),
});

const common = {
  ...repositoryInput,
  pull_number: issueNumber,
  commit_id: sha.optional().describe('The commit that was looked at. The latest unless set.'),
  comments: z.array(remark).min(1).max(100).optional().describe('Remarks on lines.'),
};

/** Reviews a pull request. GitHub takes no key: it stands in the review's text, hidden, and is looked for among the reviews. */
export const createReview = defineAction({
  title: 'Create review',
  description: 'Approves a pull request, asks for changes, or comments on it, with remarks on lines.',
  idempotency: 'reconcilable',
  // The listing shows a new review at once; the minute is for a request that GitHub still works on after our time-out.
  settlesWithin: 60_000,
  scopes: [repoScope('review pull requests')],
  resources: namedByInput,
  options: { repo: 'repositories' },
  input: z.strictObject({
    ...common,
    event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']),
    body: markdown.optional().describe('Markdown. GitHub wants it unless the review approves.'),
  }),
  output: z.object({ id: z.number(), url: z.string() }),
  async run({ input: { owner, repo, pull_number: number, body, ...fields }, http, key }) {
    const json = { ...fields, body: markBody(key, body) };
    return toOutput(await http.post(path`/repos/${owner}/${repo}/pulls/${number}/reviews`, { json, response: commentSchema }));
  },
  async reconcile({ input: { owner, repo, pull_number: number }, http, key }) {
    const items = http.pages(path`/repos/${owner}/${repo}/pulls/${number}/reviews`, {
      query: { per_page: 100 },
      response: z.array(commentSchema),
      items: (page) => page,
      paging: { by: 'link' },
    });
    const found = await findMarked({ key, items });
    if (found === 'too many') return tooMany;
    return found ? { answer: 'found', output: toOutput(found) } : { answer: 'absent' };
  },
});

function toOutput({ id, html_url: url }: z.output<typeof commentSchema>): { id: number; url: string } {
  return { id, url };
}
