import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { commentSchema, markdown, repositoryInput } from '../github-schemas.ts';

/** Sets the text of a comment. */
export const updateComment = defineAction({
  title: 'Update comment',
  description: 'Changes the text of a comment on an issue or in the conversation of a pull request.',
  idempotency: 'idempotent',
  scopes: [repoScope('change comments')],
  resources: namedByInput,
  options: { repo: 'repositories' },
  input: z.strictObject({
    ...repositoryInput,
    comment_id: z.number().int().positive().describe('Id of the comment, which add_comment gives.'),
    body: markdown.min(1).describe('Markdown.'),
  }),
  output: z.object({ id: z.number(), url: z.string() }),
  async run({ input: { owner, repo, comment_id: comment, body }, http }) {
    const at = path`/repos/${owner}/${repo}/issues/comments/${comment}`;
    const { id, html_url: url } = await http.patch(at, { json: { body }, response: commentSchema });
    return { id, url };
  },
});
