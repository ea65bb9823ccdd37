import { z } from 'zod';

/** A repository as GitHub answers. */
export const repositoryAnswer = z.object({
  id: z.number(),
  name: z.string(),
  full_name: z.string(),
  owner: z.object({ login: z.string() }),
  private: z.boolean(),
  archived: z.boolean().optional(),
  fork: z.boolean(),
  description: z.string().nullish(),
  default_branch: z.string().optional(),
  html_url: z.string(),
  language: z.string().nullish(),
  topics: z.array(z.string()).optional(),
  stargazers_count: z.number().optional(),
  open_issues_count: z.number().optional(),
  pushed_at: z.string().nullish(),
  updated_at: z.string().nullish(),
});

/** What later steps see of a repository. */
export const repositoryOutput = z.object({
  id: z.number(),
  name: z.string(),
  full_name: z.string(),
  owner: z.string().describe('Login.'),
  url: z.string(),
  description: z.string().nullable(),
  private: z.boolean(),
  archived: z.boolean(),
  fork: z.boolean(),
  default_branch: z.string(),
  language: z.string().nullable(),
  topics: z.array(z.string()),
  stars: z.number(),
  open_issues: z.number().describe('Open issues and pull requests.'),
  pushed_at: z.string().nullable(),
  updated_at: z.string().nullable(),
});

/** One repository. */
export function showRepository(given: z.output<typeof repositoryAnswer>): z.output<typeof repositoryOutput> {
  const { id, name, full_name, fork } = given;
  return {
    ...{ id, name, full_name, fork, private: given.private },
    owner: given.owner.login,
    url: given.html_url,
    description: given.description ?? null,
    archived: given.archived ?? false,
    default_branch: given.default_branch ?? 'main',
    language: given.language ?? null,
    topics: given.topics ?? [],
    stars: given.stargazers_count ?? 0,
    open_issues: given.open_issues_count ?? 0,
    pushed_at: given.pushed_at ?? null,
    updated_at: given.updated_at ?? null,
  };
}
