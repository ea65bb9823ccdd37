import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.pull_request.review_requested`: the delivery `pull_request` with the action `review_requested`. */
export const reviewRequested = defineTrigger({
  title: 'Review requested',
  description: 'Somebody or a team was asked to review a pull request: requested_reviewer or requested_team.',
  kind: 'assigned',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({
    action: z.literal('review_requested'),
    number: z.number(),
    requested_reviewer: payloadParts.sender.nullish(),
    requested_team: z.object({ name: z.string(), slug: z.string() }).nullish(),
    pull_request: payloadParts.pullRequest,
    repository: payloadParts.repository,
    sender: payloadParts.sender,
  }),
});
