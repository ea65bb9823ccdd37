import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.repository.forked`: the delivery `fork`. `repository` is the one that was forked. */
export const repositoryForked = defineTrigger({
  title: 'Repository forked',
  description: 'A fork was made of a repository.',
  kind: 'created',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({
    forkee: z.object({ full_name: z.string(), html_url: z.string() }),
    repository: payloadParts.repository,
    sender: payloadParts.sender,
  }),
});
