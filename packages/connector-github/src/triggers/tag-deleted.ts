import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.tag.deleted`: the delivery `delete` of a tag. GitHub sends none where more than three are deleted at once. */
export const tagDeleted = defineTrigger({
  title: 'Tag deleted',
  description: 'A tag was deleted.',
  kind: 'deleted',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({
    ref: z.string(),
    ref_type: z.literal('tag'),
    repository: payloadParts.repository,
    sender: payloadParts.sender,
  }),
});
