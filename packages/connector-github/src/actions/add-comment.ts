import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByInput } from '../github-resources.ts';
import { commentSchema, issueNumber, markdown, repositoryInput } from '../github-schemas.ts';
import { clockTolerance, isMarked, markBody } from './mark-body.ts';

/** Comments on an issue or a pull request. Looked up like an issue: the key stands in the comment, hidden. */
export const addComment = defineAction({
  title: 'Add comment',
  description: 'Adds a comment to an issue or to the conversation of a pull request.',
  idempotency: 'reconcilable',
  settlesWithin: 60_000,
  scopes: [{ scope: 'repo', reason: 'To comment, also in private repositories. For public ones public_repo is enough.' }],
  resources: namedByInput,
  options: { repo: 'repositories' },
  input: z.strictObject({
    ...repositoryInput,
    issue_number: issueNumber.describe('Number of the issue or pull request.'),
    body: markdown.min(1).describe('Markdown.'),
  }),
  output: z.object({ id: z.number(), url: z.string() }),
  async run({ input, http, key }) {
    const json = { body: markBody(key, input.body) };
    return toOutput(await http.post(commentsOf(input), { json, response: commentSchema }));
  },
  async reconcile({ input, http, key, since }) {
    // GitHub lists comments oldest first, and `since` leaves out what was last changed before.
    const comments = http.pages(commentsOf(input), {
      query: { since: new Date(since - clockTolerance).toISOString(), per_page: 100 },
      response: z.array(commentSchema),
      items: (page) => page,
      next: (_page, link) => link,
    });
    for await (const comment of comments) {
      if (isMarked(key, comment.body)) return { answer: 'found', output: toOutput(comment) };
    }
    return { answer: 'absent' };
  },
});

const commentsOf = ({ owner, repo, issue_number: number }: { owner: string; repo: string; issue_number: number }) =>
  path`/repos/${owner}/${repo}/issues/${number}/comments`;

function toOutput({ id, html_url: url }: z.output<typeof commentSchema>): { id: number; url: string } {
  return { id, url };
}
