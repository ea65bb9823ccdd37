import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.branch.deleted`: the delivery `delete` of a branch. GitHub sends none where more than three are deleted at once. */
export const branchDeleted = defineTrigger({
  title: 'Branch deleted',
  description: 'A branch was deleted.',
  kind: 'deleted',
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
