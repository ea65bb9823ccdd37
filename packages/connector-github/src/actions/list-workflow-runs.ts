import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { listLimit, login, repositoryInput, sha } from '../github-schemas.ts';
import { collectItems, pageSize } from './collect-items.ts';
import { workflowId } from './dispatch-workflow.ts';
import { runAnswer, runOutput, showRun } from './show-run.ts';

const statuses = [
  ...['completed', 'action_required', 'cancelled', 'failure', 'neutral', 'skipped', 'stale', 'success', 'timed_out'],
  ...['in_progress', 'queued', 'requested', 'waiting', 'pending'],
] as const;

/** Lists runs of workflows, newest first. With a filter GitHub gives 1,000 at most. */
export const listWorkflowRuns = defineAction({
  title: 'List workflow runs',
  description: 'Lists the runs of the workflows of a repository, or of one workflow, newest first.',
  idempotency: 'read',
  paginated: true,
  timeoutMs: 60_000,
  scopes: [repoScope('read runs of workflows')],
  resources: namedByInput,
  options: { repo: 'repositories', workflow: 'workflows', branch: 'branches' },
  input: z.strictObject({
    ...repositoryInput,
    workflow: workflowId.optional().describe('Number of a workflow, or the name of its file. All unless set.'),
    branch: z.string().min(1).max(255).optional(),
    event: z
      .string()
      .regex(/^[a-z_]{1,60}$/)
      .optional()
      .describe('What started it: push, pull_request, schedule and others.'),
    status: z.enum(statuses).optional().describe('A status or a conclusion.'),
    actor: login.optional(),
    head_sha: sha.optional(),
    limit: listLimit,
  }),
  output: z.object({ runs: z.array(runOutput), complete: z.boolean().describe('False where the limit was reached: there may be more.') }),
  async run({ input: { owner, repo, workflow, limit, ...query }, http }) {
    const all = path`/repos/${owner}/${repo}/actions/runs`;
    const at = workflow === undefined ? all : path`/repos/${owner}/${repo}/actions/workflows/${workflow}/runs`;
    const { items, complete } = await collectItems(
      http.pages(at, {
        query: { ...query, per_page: pageSize(limit) },
        response: z.object({ workflow_runs: z.array(runAnswer) }),
        items: (page) => page.workflow_runs,
        paging: { by: 'link' },
      }),
      limit,
    );
    return { runs: items.map(showRun), complete };
  },
});
