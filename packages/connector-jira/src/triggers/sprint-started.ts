import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { payloadParts } from '../formats/payload-parts.ts';
import { namedByNothing } from '../jira-resources.ts';

/** `jira.sprint.started`: the webhook event `sprint_started`. */
export const sprintStarted = defineTrigger({
  title: 'Sprint started',
  description: 'A sprint was started.',
  kind: 'status_changed',
  delivery: 'webhook',
  class: 'record',
  resources: namedByNothing,
  payload: z.object({
    timestamp: payloadParts.timestamp,
    webhookEvent: z.literal('sprint_started'),
    sprint: payloadParts.sprint,
  }),
});
