import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { repositoryInput } from '../github-schemas.ts';
import { runAnswer, runOutput, showRun } from './show-run.ts';

/** Reads a run of a workflow. */
export const getWorkflowRun = defineAction({
  title: 'Get workflow run',
  description: 'Reads a run of a workflow: whether it has ended, and how.',
  idempotency: 'read',
  scopes: [repoScope('read runs of workflows')],
  resources: namedByInput,
  options: { repo: 'repositories' },
  input: z.strictObject({ ...repositoryInput, run_id: z.number().int().positive() }),
  output: runOutput,
  async run({ input: { owner, repo, run_id: run }, http }) {
    return showRun(await http.get(path`/repos/${owner}/${repo}/actions/runs/${run}`, { response: runAnswer }));
  },
});
