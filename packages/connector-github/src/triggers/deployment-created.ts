import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';

/** `github.deployment.created`: the delivery `deployment` with the action `created`. */
export const deploymentCreated = defineTrigger({
  title: 'Deployment created',
  description: 'A deployment of a repository was begun.',
  kind: 'created',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({
    deployment: z.object({ id: z.number(), ref: z.string(), sha: z.string(), environment: z.string(), created_at: z.string() }),
    repository: z.object({ full_name: z.string() }),
  }),
});
