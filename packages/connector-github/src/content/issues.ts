import { type Json, path } from '@patchbay/core';
import type { ContentDocument, ContentSource } from '@patchbay/core/host';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { issueDeleted } from '../triggers/issue-deleted.ts';
import { issueTransferred } from '../triggers/issue-transferred.ts';
import { atPlace, readPlaces } from './read-places.ts';

const issue = z.object({
  id: z.number(),
  number: z.number(),
  title: z.string(),
  body: z.string().nullish(),
  html_url: z.string(),
  state: z.string(),
  updated_at: z.string(),
  user: z.object({ login: z.string() }).nullish(),
  labels: z.array(z.union([z.string(), z.object({ name: z.string().nullish() })])).default([]),
  pull_request: z.unknown().optional(),
});

/** Issues and pull requests, which GitHub lists together. Their ids stay the same where the repository gets another name. */
export const issues: ContentSource = {
  title: 'Issues and pull requests',
  description: 'Title and text of each issue and pull request of the repositories that are named.',
  scopes: [repoScope('read issues and pull requests')],
  resource: 'repository',
  needsContainers: true,
  intervalMs: 300_000,
  rereadMs: 86_400_000,
  deletedBy: { 'issue.deleted': goneBy(issueDeleted.payload), 'issue.transferred': goneBy(issueTransferred.payload) },
  read: (call) =>
    readPlaces(call, {
      changedAt: ({ updated_at }) => updated_at,
      show: documentOf,
      list: (http, place) =>
        http.get(path`/repos/${place.owner}/${place.repo}/issues`, {
          query: { ...atPlace(place), state: 'all', sort: 'updated', direction: 'asc' },
          response: z.array(issue),
        }),
    }),
};

function documentOf(given: z.output<typeof issue>, container: string): ContentDocument {
  const kind = given.pull_request === undefined ? 'issue' : 'pull_request';
  const names = given.labels.map((label) => (typeof label === 'string' ? label : (label.name ?? '')));
  return {
    id: String(given.id),
    kind,
    title: `#${given.number} ${given.title}`,
    text: given.body ?? '',
    url: given.html_url,
    updatedAt: Date.parse(given.updated_at),
    container,
    ...(given.user ? { author: given.user.login } : {}),
    attributes: { number: given.number, state: given.state, labels: names.join(', ') },
  };
}

function goneBy(payload: z.ZodType<{ readonly issue: { readonly id: number } }>): (data: Json) => readonly string[] {
  return (data) => {
    const read = payload.safeParse(data).data;
    return read === undefined ? [] : [String(read.issue.id)];
  };
}
