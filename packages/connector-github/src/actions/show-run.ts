import { z } from 'zod';

/** A run of a workflow as GitHub answers. */
export const runAnswer = z.object({
  id: z.number(),
  name: z.string().nullish(),
  run_number: z.number(),
  run_attempt: z.number().optional(),
  workflow_id: z.number(),
  event: z.string(),
  status: z.string().nullish(),
  conclusion: z.string().nullish(),
  head_branch: z.string().nullish(),
  head_sha: z.string(),
  actor: z.object({ login: z.string() }).nullish(),
  html_url: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});

/** What later steps see of a run. */
export const runOutput = z.object({
  id: z.number(),
  url: z.string(),
  name: z.string().nullable(),
  number: z.number(),
  attempt: z.number(),
  workflow_id: z.number(),
  event: z.string(),
  status: z.string().nullable().describe('queued, in_progress, completed and others.'),
  conclusion: z.string().nullable().describe('success, failure, cancelled and others; null before it is completed.'),
  branch: z.string().nullable(),
  sha: z.string(),
  actor: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
});

/** One run. */
export function showRun(run: z.output<typeof runAnswer>): z.output<typeof runOutput> {
  const { id, workflow_id, event, created_at, updated_at } = run;
  return {
    ...{ id, workflow_id, event, created_at, updated_at },
    url: run.html_url,
    name: run.name ?? null,
    number: run.run_number,
    attempt: run.run_attempt ?? 1,
    status: run.status ?? null,
    conclusion: run.conclusion ?? null,
    branch: run.head_branch ?? null,
    sha: run.head_sha,
    actor: run.actor?.login ?? null,
  };
}
