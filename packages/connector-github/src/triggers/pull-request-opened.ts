import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.pull_request.opened`: the delivery `pull_request` with the action `opened`. */
export const pullRequestOpened = defineTrigger({
  title: 'Pull request opened',
  description: 'A pull request was opened in a repository.',
  kind: 'created',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({
    action: z.literal('opened'),
    number: z.number(),
    pull_request: payloadParts.pullRequest,
    repository: payloadParts.repository,
    sender: payloadParts.sender,
  }),
});
