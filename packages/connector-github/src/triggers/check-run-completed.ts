import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';

/** `github.check_run.completed`: the delivery `check_run` with the action `completed`. */
export const checkRunCompleted = defineTrigger({
  title: 'Check run completed',
  description: 'A check of a commit has ended, well or not.',
  kind: 'status_changed',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({
    action: z.literal('completed'),
    check_run: z.object({ name: z.string(), head_sha: z.string(), conclusion: z.string().nullable(), completed_at: z.string().nullish() }),
    repository: z.object({ full_name: z.string() }),
  }),
});
