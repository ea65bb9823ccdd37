import { path } from '@patchbay/core';
import type { ContentDocument, ContentSource } from '@patchbay/core/host';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { atPlace, readPlaces } from './read-places.ts';

const comment = z.object({
  id: z.number(),
  body: z.string().nullish(),
  html_url: z.string(),
  issue_url: z.string(),
  updated_at: z.string(),
  user: z.object({ login: z.string() }).nullish(),
});

/** Comments of a whole repository: a hundred in one request, where those of each issue would need one for each. */
export const comments: ContentSource = {
  title: 'Comments',
  description: 'The comments on issues and in the conversations of pull requests of the repositories that are named.',
  scopes: [repoScope('read comments')],
  resource: 'repository',
  needsContainers: true,
  intervalMs: 300_000,
  rereadMs: 86_400_000,
  read: (call) =>
    readPlaces(call, {
      changedAt: ({ updated_at }) => updated_at,
      show: documentOf,
      list: (http, place) =>
        http.get(path`/repos/${place.owner}/${place.repo}/issues/comments`, {
          query: { ...atPlace(place), sort: 'updated', direction: 'asc' },
          response: z.array(comment),
        }),
    }),
};

function documentOf(given: z.output<typeof comment>, container: string): ContentDocument {
  const number = Number(/\/issues\/(\d{1,15})$/.exec(given.issue_url)?.[1] ?? 0);
  return {
    id: String(given.id),
    kind: 'comment',
    title: `Comment on #${number}`,
    text: given.body ?? '',
    url: given.html_url,
    updatedAt: Date.parse(given.updated_at),
    container,
    ...(given.user ? { author: given.user.login } : {}),
    attributes: { number },
  };
}
