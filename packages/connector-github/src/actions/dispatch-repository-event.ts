import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { repositoryInput } from '../github-schemas.ts';

/** Sends an event of one's own to a repository's workflows. GitHub takes no key and shows nothing of it: a repeat would be a second one. */
export const dispatchRepositoryEvent = defineAction({
  title: 'Dispatch repository event',
  description: 'Sends an event of your own name to the workflows of a repository (repository_dispatch).',
  idempotency: 'unsafe',
  scopes: [repoScope('start workflows')],
  resources: namedByInput,
  options: { repo: 'repositories' },
  input: z.strictObject({
    ...repositoryInput,
    event_type: z.string().min(1).max(100),
    client_payload: z
      .record(z.string(), z.json())
      .refine((payload) => Object.keys(payload).length <= 10, 'GitHub takes 10 fields at the top at most.')
      .optional()
      .describe('Data for the workflows: 10 fields at the top and 64 KB at most.'),
  }),
  output: z.object({ event_type: z.string() }),
  async run({ input: { owner, repo, ...json }, http }) {
    await http.post(path`/repos/${owner}/${repo}/dispatches`, { json, response: z.unknown() });
    return { event_type: json.event_type };
  },
});
