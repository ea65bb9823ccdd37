import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { payloadParts } from '../formats/payload-parts.ts';
import { namedByNothing } from '../jira-resources.ts';

/** `jira.issue.linked`: the webhook event `issuelink_created`. */
export const issueLinked = defineTrigger({
  title: 'Issues linked',
  description: 'A link between two issues was made; the payload names them by their ids.',
  kind: 'created',
  delivery: 'webhook',
  class: 'record',
  resources: namedByNothing,
  payload: z.object({
    timestamp: payloadParts.timestamp,
    webhookEvent: z.literal('issuelink_created'),
    issueLink: z.object({
      id: z.number(),
      sourceIssueId: z.number(),
      destinationIssueId: z.number(),
      issueLinkType: z.object({ name: z.string(), outwardName: z.string().optional(), inwardName: z.string().optional() }),
    }),
  }),
});
