import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.pull_request.closed`: the delivery `pull_request` with the action `closed`, of one that was not merged. */
export const pullRequestClosed = defineTrigger({
  title: 'Pull request closed',
  description: 'A pull request was closed without being merged.',
  kind: 'status_changed',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({
    action: z.literal('closed'),
    number: z.number(),
    pull_request: payloadParts.pullRequest,
    repository: payloadParts.repository,
    sender: payloadParts.sender,
  }),
});
