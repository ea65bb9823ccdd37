import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { payloadParts } from '../formats/payload-parts.ts';
import { namedByDelivery } from '../jira-resources.ts';

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
    comment: payloadParts.comment,
    issue: payloadParts.issue,
  }),
});
