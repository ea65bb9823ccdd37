import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { issueParts, payloadParts } from '../formats/payload-parts.ts';
import { namedByDelivery } from '../jira-resources.ts';

/** `jira.issue.updated`: the webhook event `jira:issue_updated`, whatever field was changed. */
export const issueUpdated = defineTrigger({
  title: 'Issue updated',
  description: 'A field of an issue was changed. changelog.items has fromString and toString of each.',
  kind: 'updated',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({ ...issueParts, webhookEvent: z.literal('jira:issue_updated'), changelog: payloadParts.changelog }),
});
