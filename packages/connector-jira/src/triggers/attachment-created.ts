import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { payloadParts } from '../formats/payload-parts.ts';
import { namedByNothing } from '../jira-resources.ts';

/** `jira.attachment.created`: the webhook event `attachment_created`. */
export const attachmentCreated = defineTrigger({
  title: 'Attachment created',
  description: 'A file was attached to an issue. The payload does not name the issue.',
  kind: 'created',
  delivery: 'webhook',
  class: 'content',
  resources: namedByNothing,
  payload: z.object({
    timestamp: payloadParts.timestamp,
    webhookEvent: z.literal('attachment_created'),
    attachment: z.object({
      id: z.union([z.string(), z.number()]),
      filename: z.string(),
      author: payloadParts.person.optional(),
      created: z.string(),
      size: z.number(),
      mimeType: z.string().optional(),
    }),
  }),
});
