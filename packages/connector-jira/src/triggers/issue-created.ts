import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { issueParts } from '../formats/payload-parts.ts';
import { namedByDelivery } from '../jira-resources.ts';

/** `jira.issue.created`: the webhook event `jira:issue_created`. */
export const issueCreated = defineTrigger({
  title: 'Issue created',
  description: 'An issue was created.',
  kind: 'created',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({ ...issueParts, webhookEvent: z.literal('jira:issue_created') }),
});
