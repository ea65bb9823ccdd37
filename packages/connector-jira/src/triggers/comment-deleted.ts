import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { payloadParts } from '../formats/payload-parts.ts';
import { namedByDelivery } from '../jira-resources.ts';

/** `jira.comment.deleted`: the webhook event `comment_deleted`. */
export const commentDeleted = defineTrigger({
  title: 'Comment deleted',
  description: 'A comment was deleted. The payload has it as it last was.',
  kind: 'deleted',
  delivery: 'webhook',
  class: 'content',
  resources: namedByDelivery,
  payload: z.object({
    timestamp: payloadParts.timestamp,
    webhookEvent: z.literal('comment_deleted'),
    comment: payloadParts.comment,
    issue: payloadParts.issue,
  }),
});
