import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.issue.deleted`: the delivery `issues` with the action `deleted`. */
export const issueDeleted = defineTrigger({
  title: 'Issue deleted',
  description: 'An issue was deleted.',
  kind: 'deleted',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({
    action: z.literal('deleted'),
    issue: payloadParts.issue.extend({ id: z.number() }),
    repository: payloadParts.repository,
    sender: payloadParts.sender,
  }),
});
