import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../jira-resources.ts';
import { payloadParts } from '../jira-schemas.ts';

/** `jira.issue.status_changed`: the webhook event `jira:issue_updated` with the field status in its changelog. */
export const issueStatusChanged = defineTrigger({
  title: 'Issue status changed',
  description: 'An issue went from one status to another. changelog.items has fromString and toString of each changed field.',
  kind: 'status_changed',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({
    ...payloadParts,
    webhookEvent: z.literal('jira:issue_updated'),
    changelog: z.object({
      // `toString` is left out on purpose: a schema would find Object's own method where an item lacks it.
      items: z.array(z.object({ field: z.string(), fromString: z.string().nullish() })),
    }),
  }),
});
