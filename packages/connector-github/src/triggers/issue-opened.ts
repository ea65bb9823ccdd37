import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.issue.opened`: the delivery `issues` with the action `opened`. */
export const issueOpened = defineTrigger({
  title: 'Issue opened',
  description: 'An issue was opened in a repository.',
  kind: 'created',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({
    action: z.literal('opened'),
    issue: payloadParts.issue,
    repository: payloadParts.repository,
    sender: payloadParts.sender,
  }),
});
