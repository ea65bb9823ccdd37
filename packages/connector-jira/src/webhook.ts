import { type ConnectorEvent, hmacSha256, type WebhookDeclaration } from '@patchbay/core';
import { z } from 'zod';

type JiraTrigger = 'issue.created' | 'issue.status_changed' | 'comment.created';

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
 * Jira's admin webhooks, set up by an administrator with a secret; without one Jira does not sign, and what is not signed is
 * refused. The webhooks that an OAuth app registers are of another kind and are not understood.
 */
export const jiraWebhook: WebhookDeclaration<JiraTrigger> = {
  scheme: hmacSha256({ header: 'x-hub-signature', prefix: 'sha256=' }),
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
