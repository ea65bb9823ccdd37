import { type ConnectorEvent, hmacSha256, signatures, type WebhookDeclaration } from '@patchbay/core';
import { z } from 'zod';
import { type JiraTrigger, jiraSubscriptions } from './subscriptions.ts';

/** What is read here of a delivery. Nothing of it is required: whether a payload is sound is its trigger's schema to say. */
const outline = z.object({
  webhookEvent: z.string().optional().catch(undefined),
  timestamp: z.number().optional().catch(undefined),
  issue: z.object({ key: z.string() }).optional().catch(undefined),
  changelog: z
    .object({ items: z.array(z.object({ field: z.string() }).catch({ field: '' })) })
    .optional()
    .catch(undefined),
});

type Outline = z.output<typeof outline>;

// Jira sends again up to five times, 5 to 15 minutes apart (its "retry policy"), and the first delivery itself may be 15 minutes late.
const hour = 3_600_000;

/**
 * Jira's webhooks: those that an administrator sets up with a secret, and those that the hub registers as an OAuth app, which carry a token signed
 * with the app's client secret. Without a secret Jira does not sign, and what is not signed is refused.
 */
export const jiraWebhook: WebhookDeclaration<JiraTrigger> = {
  scheme: hmacSha256({ header: 'x-hub-signature', prefix: 'sha256=' }),
  appScheme: signatures.known['jira-dynamic'],
  subscriptions: jiraSubscriptions,
  deliveryId: 'x-atlassian-webhook-identifier',
  redeliveryHorizonMs: 2 * hour,
  toEvents({ body }) {
    const known = outline.safeParse(body).data;
    const trigger = known === undefined ? undefined : triggerOf(known);
    if (trigger === undefined) return [];
    const event: ConnectorEvent<JiraTrigger> = {
      trigger,
      data: body,
      ...(known?.issue === undefined ? {} : { subject: known.issue.key }),
      ...(known?.timestamp === undefined ? {} : { time: known.timestamp }),
    };
    return [event];
  },
};

function triggerOf({ webhookEvent, changelog }: Outline): JiraTrigger | undefined {
  switch (webhookEvent) {
    case 'jira:issue_created':
      return 'issue.created';
    case 'jira:issue_updated':
      return changelog?.items.some(({ field }) => field === 'status') ? 'issue.status_changed' : undefined;
    case 'comment_created':
      return 'comment.created';
    default:
      return undefined;
  }
}
