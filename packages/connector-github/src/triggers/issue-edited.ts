import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.issue.edited`: the delivery `issues` with the action `edited`. */
export const issueEdited = defineTrigger({
  title: 'Issue edited',
  description: 'Title or text of an issue was changed. changes holds what was there before.',
  kind: 'updated',
  delivery: 'webhook',
  class: 'content',
  resources: namedByDelivery,
  payload: z.object({
    action: z.literal('edited'),
    issue: payloadParts.issue,
    repository: payloadParts.repository,
    sender: payloadParts.sender,
  }),
});
