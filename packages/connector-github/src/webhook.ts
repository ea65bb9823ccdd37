import { type ConnectorEvent, hmacSha256, type WebhookDeclaration } from '@patchbay/core';
import { z } from 'zod';
import { type GithubTrigger, githubSubscriptions } from './subscriptions.ts';

type Part = 'issue' | 'pull_request' | 'comment' | 'deployment' | 'deployment_status' | 'check_run';

interface Kind {
  readonly trigger: GithubTrigger;
  /** The part that they tell of. A push has none, and happens when it comes. */
  readonly part: Part | null;
  /** When it happened. @default when the part was made */
  readonly time?: 'merged_at' | 'completed_at';
}

/** Which deliveries are events, by `X-GitHub-Event` and the body's action, which a push has not. */
const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['issues.opened', { trigger: 'issue.opened', part: 'issue' }],
  ['pull_request.opened', { trigger: 'pull_request.opened', part: 'pull_request' }],
  ['pull_request.closed', { trigger: 'pull_request.merged', part: 'pull_request', time: 'merged_at' }],
  ['issue_comment.created', { trigger: 'comment.created', part: 'comment' }],
  ['push.undefined', { trigger: 'commits.pushed', part: null }],
  ['deployment.created', { trigger: 'deployment.created', part: 'deployment' }],
  ['deployment_status.created', { trigger: 'deployment.status_changed', part: 'deployment_status' }],
  ['check_run.completed', { trigger: 'check_run.completed', part: 'check_run', time: 'completed_at' }],
]);

const part = z
  .object({
    number: z.number().optional(),
    merged: z.boolean().nullish(),
    created_at: z.string().nullish(),
    merged_at: z.string().nullish(),
    completed_at: z.string().nullish(),
  })
  .optional()
  .catch(undefined);

/** What is read here of a delivery. Nothing of it is required: whether a payload is sound is its trigger's schema to say. */
const outline = z.object({
  action: z.string().optional().catch(undefined),
  repository: z.object({ full_name: z.string() }).optional().catch(undefined),
  issue: part,
  pull_request: part,
  comment: part,
  deployment: part,
  deployment_status: part,
  check_run: part,
});

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
    const kind = kinds.get(`${headers['x-github-event']}.${known?.action}`);
    if (known === undefined || kind === undefined) return [];
    if (kind.trigger === 'pull_request.merged' && known.pull_request?.merged !== true) return [];
    const number = (known.issue ?? known.pull_request)?.number;
    const told = kind.part === null ? undefined : known[kind.part];
    const time = Date.parse(told?.[kind.time ?? 'created_at'] ?? '');
    const event: ConnectorEvent<GithubTrigger> = {
      trigger: kind.trigger,
      data: body,
      ...(known.repository === undefined ? {} : { subject: `${known.repository.full_name}${number === undefined ? '' : `#${number}`}` }),
      ...(Number.isNaN(time) ? {} : { time }),
    };
    return [event];
  },
};
