import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { gitReference, repositoryInput } from '../github-schemas.ts';
import { findMarked, tooMany } from './find-marked.ts';
import { markBody } from './mark-body.ts';

const releaseAnswer = z.object({
  id: z.number(),
  html_url: z.string(),
  tag_name: z.string(),
  body: z.string().nullish(),
});

/** Publishes a release. A tag has one release, but drafts may share one: so it is looked for by the key, which stands in its text, hidden. */
export const createRelease = defineAction({
  title: 'Create release',
  description: 'Makes a release of a tag. GitHub makes the tag where it is not there yet.',
  idempotency: 'reconcilable',
  // The listing shows a new release at once; the minute is for a request that GitHub still works on after our time-out.
  settlesWithin: 60_000,
  scopes: [repoScope('make releases')],
  resources: namedByInput,
  options: { repo: 'repositories', target_commitish: 'branches' },
  input: z.strictObject({
    ...repositoryInput,
    tag_name: gitReference.describe('Name of the tag.'),
    target_commitish: gitReference.optional().describe('Branch or commit for a tag that is not there yet.'),
    name: z.string().min(1).max(500).optional().describe('Title.'),
    body: z.string().max(120_000).optional().describe('Markdown.'),
    draft: z.boolean().optional(),
    prerelease: z.boolean().optional(),
    generate_release_notes: z.boolean().optional().describe('GitHub writes what has changed below the text.'),
    make_latest: z.enum(['true', 'false', 'legacy']).optional(),
    discussion_category_name: z.string().min(1).max(200).optional().describe('Opens a discussion of the release in this category.'),
  }),
  output: z.object({ id: z.number(), url: z.string(), tag_name: z.string() }),
  async run({ input: { owner, repo, body, ...fields }, http, key }) {
    const json = { ...fields, body: markBody(key, body) };
    return toOutput(await http.post(path`/repos/${owner}/${repo}/releases`, { json, response: releaseAnswer }));
  },
  async reconcile({ input: { owner, repo }, http, key }) {
    const items = http.pages(path`/repos/${owner}/${repo}/releases`, {
      query: { per_page: 100 },
      response: z.array(releaseAnswer),
      items: (page) => page,
      paging: { by: 'link' },
    });
    const found = await findMarked({ key, items });
    if (found === 'too many') return tooMany;
    return found ? { answer: 'found', output: toOutput(found) } : { answer: 'absent' };
  },
});

function toOutput({ id, html_url: url, tag_name }: z.output<typeof releaseAnswer>): { id: number; url: string; tag_name: string } {
  return { id, url, tag_name };
}
