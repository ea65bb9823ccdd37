import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { issueNumber, login, repositoryInput } from '../github-schemas.ts';

const people = z.array(login).min(1).max(15).optional();
const answer = z.object({
  requested_reviewers: z.array(z.object({ login: z.string() })).nullish(),
  requested_teams: z.array(z.object({ slug: z.string() })).nullish(),
});

/** Adds people and teams to the set of those whose review is asked for. */
export const requestReviewers = defineAction({
  title: 'Request reviewers',
  description: 'Asks people and teams for a review of a pull request.',
  idempotency: 'idempotent',
  scopes: [repoScope('ask for reviews')],
  resources: namedByInput,
  options: { repo: 'repositories', reviewers: 'assignees' },
  input: z.strictObject({
    ...repositoryInput,
    pull_number: issueNumber,
    reviewers: people.describe('Logins.'),
    team_reviewers: people.describe('Short names of teams of the organisation.'),
  }),
  output: z.object({ reviewers: z.array(z.string()), teams: z.array(z.string()) }),
  async run({ input: { owner, repo, pull_number: number, ...json }, http }) {
    const at = path`/repos/${owner}/${repo}/pulls/${number}/requested_reviewers`;
    const pull = await http.post(at, { json, response: answer });
    return {
      reviewers: (pull.requested_reviewers ?? []).map((each) => each.login),
      teams: (pull.requested_teams ?? []).map(({ slug }) => slug),
    };
  },
});
