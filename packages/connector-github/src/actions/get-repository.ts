import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { repositoryInput } from '../github-schemas.ts';
import { repositoryAnswer, repositoryOutput, showRepository } from './show-repository.ts';

/** Reads what a repository is. */
export const getRepository = defineAction({
  title: 'Get repository',
  description: 'Reads a repository: its own branch, whether it is private, its topics and counts.',
  idempotency: 'read',
  scopes: [repoScope('read repositories')],
  resources: namedByInput,
  options: { repo: 'repositories' },
  input: z.strictObject(repositoryInput),
  output: repositoryOutput,
  async run({ input: { owner, repo }, http }) {
    return showRepository(await http.get(path`/repos/${owner}/${repo}`, { response: repositoryAnswer }));
  },
});
