import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.discussion.created`: the delivery `discussion` with the action `created`. */
export const discussionCreated = defineTrigger({
  title: 'Discussion created',
  description: 'A discussion was begun.',
  kind: 'created',
  delivery: 'webhook',
  class: 'content',
  resources: namedByDelivery,
  payload: z.object({
    action: z.literal('created'),
    discussion: z.object({
      number: z.number(),
      title: z.string(),
      body: z.string().nullable(),
      html_url: z.string(),
      user: payloadParts.sender.nullable(),
      category: z.object({ name: z.string() }),
    }),
    repository: payloadParts.repository,
    sender: payloadParts.sender,
  }),
});
