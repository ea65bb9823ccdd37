import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../jira-resources.ts';
import { payloadParts } from '../jira-schemas.ts';

/** `jira.comment.created`: the webhook event `comment_created`. */
export const commentCreated = defineTrigger({
  title: 'Comment created',
  description: 'A comment was added to an issue.',
  kind: 'commented',
  delivery: 'webhook',
  class: 'content',
  resources: namedByDelivery,
  payload: z.object({
    timestamp: payloadParts.timestamp,
    webhookEvent: z.literal('comment_created'),
    comment: z.object({
      id: z.string(),
      body: z.unknown().describe('Text or a document, as Jira sends it.'),
      author: z.object({ accountId: z.string(), displayName: z.string().optional() }).optional(),
      created: z.string(),
    }),
    issue: payloadParts.issue,
  }),
});
