import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { payloadParts } from '../formats/payload-parts.ts';
import { namedByNothing } from '../jira-resources.ts';

/** `jira.sprint.closed`: the webhook event `sprint_closed`. */
export const sprintClosed = defineTrigger({
  title: 'Sprint closed',
  description: 'A sprint was completed.',
  kind: 'status_changed',
  delivery: 'webhook',
  class: 'record',
  resources: namedByNothing,
  payload: z.object({
    timestamp: payloadParts.timestamp,
    webhookEvent: z.literal('sprint_closed'),
    sprint: payloadParts.sprint,
  }),
});
