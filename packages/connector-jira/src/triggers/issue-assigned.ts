import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { issueParts, payloadParts } from '../formats/payload-parts.ts';
import { namedByDelivery } from '../jira-resources.ts';

/** `jira.issue.assigned`: the webhook event `jira:issue_updated` with the field assignee in its changelog. */
export const issueAssigned = defineTrigger({
  title: 'Issue assigned',
  description: 'An issue was given to somebody else, or to nobody. The assignee that it was created with is in the event issue.created.',
  kind: 'assigned',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({ ...issueParts, webhookEvent: z.literal('jira:issue_updated'), changelog: payloadParts.changelog }),
});
