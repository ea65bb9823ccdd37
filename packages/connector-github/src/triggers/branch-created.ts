import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.branch.created`: the delivery `create` of a branch. GitHub sends none where more than three are pushed at once. */
export const branchCreated = defineTrigger({
  title: 'Branch created',
  description: 'A branch was made.',
  kind: 'created',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({
    ref: z.string(),
    ref_type: z.literal('branch'),
    repository: payloadParts.repository,
    sender: payloadParts.sender,
  }),
});
