import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { payloadParts } from '../formats/payload-parts.ts';
import { namedByNothing } from '../jira-resources.ts';

/** `jira.worklog.created`: the webhook event `worklog_created`. */
export const worklogCreated = defineTrigger({
  title: 'Worklog created',
  description: 'Work was logged on an issue, which the payload names by its id.',
  kind: 'created',
  delivery: 'webhook',
  class: 'record',
  resources: namedByNothing,
  payload: z.object({
    timestamp: payloadParts.timestamp,
    webhookEvent: z.literal('worklog_created'),
    worklog: z.object({
      id: z.string(),
      issueId: z.string(),
      author: payloadParts.person.optional(),
      started: z.string(),
      timeSpentSeconds: z.number(),
    }),
  }),
});
