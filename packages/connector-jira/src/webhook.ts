import { type ConnectorEvent, hmacSha256, signatures, type WebhookDeclaration } from '@patchbay/core';
import { z } from 'zod';
import type { JiraTrigger } from './jira-triggers.ts';
import { jiraSubscriptions } from './subscriptions.ts';

const keyed = z.object({ key: z.string() });
const idOrText = z.union([z.string(), z.number()]);
const withId = z.object({ id: idOrText });

/** What is read here of a delivery. Nothing of it is required: whether a payload is sound is its trigger's schema to say. */
const outline = z.object({
  webhookEvent: z.string().optional().catch(undefined),
  timestamp: z.number().optional().catch(undefined),
  issue: keyed.optional().catch(undefined),
  project: keyed.optional().catch(undefined),
  worklog: z.object({ issueId: idOrText }).optional().catch(undefined),
  attachment: withId.optional().catch(undefined),
  sprint: withId.optional().catch(undefined),
  version: withId.optional().catch(undefined),
  issueLink: withId.optional().catch(undefined),
  changelog: z
    .object({ items: z.array(z.object({ field: z.string() }).catch({ field: '' })) })
    .optional()
    .catch(undefined),
});

type Outline = z.output<typeof outline>;

// Jira sends again up to five times, 5 to 15 minutes apart (its "retry policy"), and the first delivery itself may be 15 minutes late.
const hour = 3_600_000;

/** Events that stand for one trigger each. */
const triggerOf: ReadonlyMap<string | undefined, JiraTrigger> = new Map([
  ['jira:issue_created', 'issue.created'],
  ['jira:issue_deleted', 'issue.deleted'],
  ['comment_created', 'comment.created'],
  ['comment_updated', 'comment.updated'],
  ['comment_deleted', 'comment.deleted'],
  ['worklog_created', 'worklog.created'],
  ['attachment_created', 'attachment.created'],
  ['issuelink_created', 'issue.linked'],
  ['sprint_started', 'sprint.started'],
  ['sprint_closed', 'sprint.closed'],
  ['jira:version_released', 'version.released'],
  ['project_created', 'project.created'],
]);

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
    if (known === undefined) return [];
    const subject = subjectOf(known);
    const shared = {
      data: body,
      ...(subject === undefined ? {} : { subject }),
      ...(known.timestamp === undefined ? {} : { time: known.timestamp }),
    };
    return triggersOf(known).map((trigger): ConnectorEvent<JiraTrigger> => ({ trigger, ...shared }));
  },
};

/** One change of an issue can be three things: that it was changed, that its status was, and that its assignee was. */
function triggersOf({ webhookEvent, changelog }: Outline): readonly JiraTrigger[] {
  if (webhookEvent === 'jira:issue_updated') {
    const changed = new Set(changelog?.items.map(({ field }) => field));
    const narrower = [
      ...(changed.has('status') ? ['issue.status_changed' as const] : []),
      ...(changed.has('assignee') ? ['issue.assigned' as const] : []),
    ];
    return [...narrower, 'issue.updated'];
  }
  const trigger = triggerOf.get(webhookEvent);
  return trigger === undefined ? [] : [trigger];
}

/** The key of what it is about, else its id. */
function subjectOf({ issue, project, worklog, attachment, sprint, version, issueLink }: Outline): string | undefined {
  const id = worklog?.issueId ?? attachment?.id ?? sprint?.id ?? version?.id ?? issueLink?.id;
  return issue?.key ?? project?.key ?? (id === undefined ? undefined : String(id));
}
