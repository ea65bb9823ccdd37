import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';

/** `github.pull_request.merged`: the delivery `pull_request` with the action `closed`, of one that was merged. */
export const pullRequestMerged = defineTrigger({
  title: 'Pull request merged',
  description: 'A pull request was merged.',
  kind: 'status_changed',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({
    action: z.literal('closed'),
    number: z.number(),
    pull_request: z.object({ title: z.string(), html_url: z.string(), merged: z.literal(true), merged_at: z.string().nullish() }),
    repository: z.object({ full_name: z.string() }),
  }),
});
