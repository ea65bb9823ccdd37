import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.issue.transferred`: the delivery `issues` with the action `transferred`. */
export const issueTransferred = defineTrigger({
  title: 'Issue transferred',
  description: 'An issue went to another repository. changes.new_issue is what it is there.',
  kind: 'deleted',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({
    action: z.literal('transferred'),
    issue: payloadParts.issue.extend({ id: z.number() }),
    repository: payloadParts.repository,
    sender: payloadParts.sender,
  }),
});
