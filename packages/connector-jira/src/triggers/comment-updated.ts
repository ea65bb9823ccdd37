import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { payloadParts } from '../formats/payload-parts.ts';
import { namedByDelivery } from '../jira-resources.ts';

/** `jira.comment.updated`: the webhook event `comment_updated`. */
export const commentUpdated = defineTrigger({
  title: 'Comment updated',
  description: 'The text of a comment was changed.',
  kind: 'updated',
  delivery: 'webhook',
  class: 'content',
  resources: namedByDelivery,
  payload: z.object({
    timestamp: payloadParts.timestamp,
    webhookEvent: z.literal('comment_updated'),
    comment: payloadParts.comment,
    issue: payloadParts.issue,
  }),
});
