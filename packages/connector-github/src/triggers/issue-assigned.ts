import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.issue.assigned`: the delivery `issues` with the action `assigned`. */
export const issueAssigned = defineTrigger({
  title: 'Issue assigned',
  description: 'An issue was assigned to somebody.',
  kind: 'assigned',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({
    action: z.literal('assigned'),
    assignee: payloadParts.sender.nullish(),
    issue: payloadParts.issue,
    repository: payloadParts.repository,
    sender: payloadParts.sender,
  }),
});
