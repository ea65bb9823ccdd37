import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.member.added`: the delivery `member` with the action `added`. */
export const memberAdded = defineTrigger({
  title: 'Member added',
  description: 'Somebody took an invitation to a repository, or was added to it.',
  kind: 'created',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({
    action: z.literal('added'),
    member: payloadParts.sender.nullable(),
    repository: payloadParts.repository,
    sender: payloadParts.sender,
  }),
});
