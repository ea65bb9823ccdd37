import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.tag.created`: the delivery `create` of a tag. GitHub sends none where more than three are pushed at once. */
export const tagCreated = defineTrigger({
  title: 'Tag created',
  description: 'A tag was made.',
  kind: 'created',
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
