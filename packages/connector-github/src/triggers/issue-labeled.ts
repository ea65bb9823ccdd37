import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.issue.labeled`: the delivery `issues` with the action `labeled`. */
export const issueLabeled = defineTrigger({
  title: 'Issue labeled',
  description: 'A label was put on an issue.',
  kind: 'updated',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({
    action: z.literal('labeled'),
    label: z.object({ name: z.string() }).optional(),
    issue: payloadParts.issue,
    repository: payloadParts.repository,
    sender: payloadParts.sender,
  }),
});
