import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';

/** `github.deployment.status_changed`: the delivery `deployment_status` with the action `created`. */
export const deploymentStatusChanged = defineTrigger({
  title: 'Deployment status changed',
  description: 'A deployment has succeeded, failed or gone another step.',
  kind: 'status_changed',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({
    deployment_status: z.object({ state: z.string(), created_at: z.string() }),
    deployment: z.object({ id: z.number(), ref: z.string(), sha: z.string(), environment: z.string() }),
    repository: z.object({ full_name: z.string() }),
  }),
});
