import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.repository.created`: the delivery `repository` with the action `created`. */
export const repositoryCreated = defineTrigger({
  title: 'Repository created',
  description: 'A repository was made. Webhooks of an organisation tell of it.',
  kind: 'created',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({
    action: z.literal('created'),
    repository: payloadParts.repository,
    sender: payloadParts.sender,
  }),
});
