import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.repository.starred`: the delivery `star` with the action `created`. */
export const repositoryStarred = defineTrigger({
  title: 'Repository starred',
  description: 'Somebody put a star on a repository.',
  kind: 'updated',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({
    action: z.literal('created'),
    starred_at: z.string().nullish(),
    repository: payloadParts.repository,
    sender: payloadParts.sender,
  }),
});
