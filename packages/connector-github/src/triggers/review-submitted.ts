import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.review.submitted`: the delivery `pull_request_review` with the action `submitted`. */
export const reviewSubmitted = defineTrigger({
  title: 'Review submitted',
  description: 'A pull request was reviewed: approved, changes asked for, or commented on. review.state says which.',
  kind: 'commented',
  delivery: 'webhook',
  class: 'content',
  resources: namedByDelivery,
  payload: z.object({
    action: z.literal('submitted'),
    review: z.object({
      id: z.number(),
      state: z.string(),
      body: z.string().nullable(),
      html_url: z.string(),
      user: payloadParts.sender.nullable(),
    }),
    pull_request: z.object({ number: z.number(), title: z.string(), html_url: z.string() }),
    repository: payloadParts.repository,
    sender: payloadParts.sender,
  }),
});
