import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.workflow_run.completed`: the delivery `workflow_run` with the action `completed`. */
export const workflowRunCompleted = defineTrigger({
  title: 'Workflow run completed',
  description: 'A run of a workflow has ended. workflow_run.conclusion says how.',
  kind: 'status_changed',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({
    action: z.literal('completed'),
    workflow_run: z.object({
      id: z.number(),
      name: z.string().nullish(),
      event: z.string(),
      conclusion: z.string().nullable(),
      head_branch: z.string().nullable(),
      head_sha: z.string(),
      html_url: z.string(),
      run_number: z.number(),
    }),
    repository: payloadParts.repository,
    sender: payloadParts.sender,
  }),
});
