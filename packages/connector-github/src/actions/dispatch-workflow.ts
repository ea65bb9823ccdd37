import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { gitReference, repositoryInput } from '../github-schemas.ts';

/** A workflow by its number or by the name of its file. */
export const workflowId = z.union([z.number().int().positive(), z.string().regex(/^[^\p{Cc}/\\]{1,200}\.ya?ml$/u)]);

const answer = z.object({ workflow_run_id: z.number(), html_url: z.string() }).nullish();

/** Starts a workflow. GitHub takes no key, and a run does not show what started it: so a repeat could start a second one. */
export const dispatchWorkflow = defineAction({
  title: 'Dispatch workflow',
  description: 'Starts a workflow that can be started by hand (workflow_dispatch).',
  idempotency: 'unsafe',
  scopes: [repoScope('start workflows')],
  resources: namedByInput,
  options: { repo: 'repositories', workflow: 'workflows', ref: 'branches' },
  input: z.strictObject({
    ...repositoryInput,
    workflow: workflowId.describe('Number of the workflow, or the name of its file, such as ci.yml.'),
    ref: gitReference.describe('Branch or tag.'),
    inputs: z
      .record(z.string().min(1).max(200), z.union([z.string().max(65_535), z.number(), z.boolean()]))
      .refine((inputs) => Object.keys(inputs).length <= 25, 'GitHub takes 25 inputs at most.')
      .optional()
      .describe("The workflow's inputs, 25 at most."),
  }),
  output: z.object({
    run_id: z.number().nullable().describe('Number of the run; null from an Enterprise Server that does not tell.'),
    url: z.string().nullable(),
  }),
  async run({ input: { owner, repo, workflow, ref, inputs }, http }) {
    const json = { ref, ...(inputs === undefined ? {} : { inputs }), return_run_details: true };
    const at = path`/repos/${owner}/${repo}/actions/workflows/${workflow}/dispatches`;
    const made = await http.post(at, { json, response: answer });
    return { run_id: made?.workflow_run_id ?? null, url: made?.html_url ?? null };
  },
});
