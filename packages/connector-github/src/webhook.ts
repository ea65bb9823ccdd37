import { type ConnectorEvent, hmacSha256, type WebhookDeclaration } from '@patchbay/core';
import { z } from 'zod';
import type { GithubTrigger } from './github-triggers.ts';
import { githubSubscriptions } from './subscriptions.ts';

type Part =
  | 'issue'
  | 'pull_request'
  | 'comment'
  | 'review'
  | 'release'
  | 'deployment'
  | 'deployment_status'
  | 'check_run'
  | 'workflow_run'
  | 'forkee'
  | 'discussion';

type Time = 'created_at' | 'updated_at' | 'closed_at' | 'merged_at' | 'submitted_at' | 'published_at' | 'completed_at';

interface Kind {
  readonly trigger: GithubTrigger;
  /** The part that it tells of, and which of its times is when it happened. Without one it happens when it comes. */
  readonly at?: readonly [Part, Time];
}

/** Which deliveries are events, by `X-GitHub-Event` and the body's action; by what was made or deleted, and by whether it was merged, where that tells. */
const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['issues.opened', { trigger: 'issue.opened', at: ['issue', 'created_at'] }],
  ['issues.closed', { trigger: 'issue.closed', at: ['issue', 'closed_at'] }],
  ['issues.reopened', { trigger: 'issue.reopened', at: ['issue', 'updated_at'] }],
  ['issues.edited', { trigger: 'issue.edited', at: ['issue', 'updated_at'] }],
  ['issues.labeled', { trigger: 'issue.labeled', at: ['issue', 'updated_at'] }],
  ['issues.assigned', { trigger: 'issue.assigned', at: ['issue', 'updated_at'] }],
  ['issues.deleted', { trigger: 'issue.deleted' }],
  ['issues.transferred', { trigger: 'issue.transferred' }],
  ['pull_request.opened', { trigger: 'pull_request.opened', at: ['pull_request', 'created_at'] }],
  ['pull_request.closed merged', { trigger: 'pull_request.merged', at: ['pull_request', 'merged_at'] }],
  ['pull_request.closed', { trigger: 'pull_request.closed', at: ['pull_request', 'closed_at'] }],
  ['pull_request.review_requested', { trigger: 'pull_request.review_requested', at: ['pull_request', 'updated_at'] }],
  ['pull_request_review.submitted', { trigger: 'review.submitted', at: ['review', 'submitted_at'] }],
  ['issue_comment.created', { trigger: 'comment.created', at: ['comment', 'created_at'] }],
  ['push', { trigger: 'commits.pushed' }],
  ['create branch', { trigger: 'branch.created' }],
  ['create tag', { trigger: 'tag.created' }],
  ['delete branch', { trigger: 'branch.deleted' }],
  ['delete tag', { trigger: 'tag.deleted' }],
  ['release.published', { trigger: 'release.published', at: ['release', 'published_at'] }],
  ['deployment.created', { trigger: 'deployment.created', at: ['deployment', 'created_at'] }],
  ['deployment_status.created', { trigger: 'deployment.status_changed', at: ['deployment_status', 'created_at'] }],
  ['check_run.completed', { trigger: 'check_run.completed', at: ['check_run', 'completed_at'] }],
  ['workflow_run.completed', { trigger: 'workflow_run.completed', at: ['workflow_run', 'updated_at'] }],
  ['repository.created', { trigger: 'repository.created' }],
  ['star.created', { trigger: 'repository.starred' }],
  ['fork', { trigger: 'repository.forked', at: ['forkee', 'created_at'] }],
  ['member.added', { trigger: 'member.added' }],
  ['discussion.created', { trigger: 'discussion.created', at: ['discussion', 'created_at'] }],
]);

const time = z.string().nullish().catch(undefined);
const part = z
  .object({
    number: z.number().optional().catch(undefined),
    merged: z.boolean().nullish().catch(undefined),
    ...{ created_at: time, updated_at: time, closed_at: time, merged_at: time, submitted_at: time, published_at: time, completed_at: time },
  })
  .optional()
  .catch(undefined);
const text = z.string().optional().catch(undefined);

/** What is read here of a delivery. Nothing of it is required: whether a payload is sound is its trigger's schema to say. */
const outline = z.object({
  action: text,
  ref_type: text,
  repository: z.object({ full_name: z.string() }).optional().catch(undefined),
  ...{ issue: part, pull_request: part, comment: part, review: part, release: part, deployment: part, deployment_status: part },
  ...{ check_run: part, workflow_run: part, forkee: part, discussion: part },
});

/** What a delivery is: its event, its action where it has one, and what else tells it from others. */
function kindOf(event: string | undefined, { action, ref_type, pull_request }: z.output<typeof outline>): Kind | undefined {
  if (event === 'push' || event === 'fork') return kinds.get(event);
  if (event === 'create' || event === 'delete') return kinds.get(`${event} ${ref_type}`);
  const isMerged = event === 'pull_request' && action === 'closed' && pull_request?.merged === true;
  return kinds.get(`${event}.${action}${isMerged ? ' merged' : ''}`);
}

// https://docs.github.com/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks: nothing is sent again by itself. By hand or
// API a delivery of the past 3 days is, under the same id; on an Enterprise Server one of the past 7.
const day = 86_400_000;

/**
 * GitHub's webhooks, as `application/json` and form-encoded, which is how GitHub sends unless it is told otherwise. A `ping` and every
 * other kind of delivery are accepted and make no event.
 */
export const githubWebhook: WebhookDeclaration<GithubTrigger> = {
  scheme: hmacSha256({ header: 'x-hub-signature-256', prefix: 'sha256=' }),
  deliveryId: 'x-github-delivery',
  contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
  formJsonField: 'payload',
  // A push tells of up to 2,048 commits, with about 22 keys each.
  maximumKeys: 100_000,
  redeliveryHorizonMs: 7 * day,
  subscriptions: githubSubscriptions,
  toEvents({ headers, body }) {
    const known = outline.safeParse(body).data;
    const kind = known && kindOf(headers['x-github-event'], known);
    if (known === undefined || kind === undefined) return [];
    const number = (known.issue ?? known.pull_request ?? known.discussion)?.number;
    const told = kind.at === undefined ? undefined : known[kind.at[0]]?.[kind.at[1]];
    const happened = Date.parse(told ?? '');
    const event: ConnectorEvent<GithubTrigger> = {
      trigger: kind.trigger,
      data: body,
      ...(known.repository === undefined ? {} : { subject: `${known.repository.full_name}${number === undefined ? '' : `#${number}`}` }),
      ...(Number.isNaN(happened) ? {} : { time: happened }),
    };
    return [event];
  },
};
