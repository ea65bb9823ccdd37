import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { issueParts } from '../formats/payload-parts.ts';
import { namedByDelivery } from '../jira-resources.ts';

/** `jira.issue.deleted`: the webhook event `jira:issue_deleted`. */
export const issueDeleted = defineTrigger({
  title: 'Issue deleted',
  description: 'An issue was deleted. The payload has it as it last was.',
  kind: 'deleted',
  delivery: 'webhook',
  class: 'record',
  resources: namedByDelivery,
  payload: z.object({ ...issueParts, webhookEvent: z.literal('jira:issue_deleted') }),
});
