import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { payloadParts } from '../formats/payload-parts.ts';
import { namedByProjectDelivery } from '../jira-resources.ts';

/** `jira.project.created`: the webhook event `project_created`. */
export const projectCreated = defineTrigger({
  title: 'Project created',
  description: 'A project was created.',
  kind: 'created',
  delivery: 'webhook',
  class: 'record',
  resources: namedByProjectDelivery,
  payload: z.object({
    timestamp: payloadParts.timestamp,
    webhookEvent: z.literal('project_created'),
    project: z.object({ id: z.number(), key: z.string(), name: z.string() }),
  }),
});
