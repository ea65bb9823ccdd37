import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { issueParts, payloadParts } from '../formats/payload-parts.ts';
import { namedByDelivery } from '../jira-resources.ts';

/** `jira.issue.status_changed`: the webhook event `jira:issue_updated` with the field status in its changelog. */
export const issueStatusChanged = defineTrigger({
  title: 'Issue status changed',
  description: 'An issue went from one status to another. changelog.items has fromString and toString of each changed field.',
  kind: 'status_changed',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({ ...issueParts, webhookEvent: z.literal('jira:issue_updated'), changelog: payloadParts.changelog }),
});
