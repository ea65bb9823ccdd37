import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.issue.reopened`: the delivery `issues` with the action `reopened`. */
export const issueReopened = defineTrigger({
  title: 'Issue reopened',
  description: 'An issue that was closed was opened again.',
  kind: 'status_changed',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({
    action: z.literal('reopened'),
    issue: payloadParts.issue,
    repository: payloadParts.repository,
    sender: payloadParts.sender,
  }),
});
