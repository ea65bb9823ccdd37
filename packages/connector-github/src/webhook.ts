import { type ConnectorEvent, hmacSha256, type WebhookDeclaration } from '@patchbay/core';
import { z } from 'zod';

type GithubTrigger = 'issue.opened' | 'pull_request.opened' | 'comment.created';
type Part = 'issue' | 'pull_request' | 'comment';

/** Which deliveries are events, by `X-GitHub-Event` and the body's action, and the part whose creation they tell of. */
const kinds: ReadonlyMap<string, { readonly trigger: GithubTrigger; readonly part: Part }> = new Map([
  ['issues.opened', { trigger: 'issue.opened', part: 'issue' }],
  ['pull_request.opened', { trigger: 'pull_request.opened', part: 'pull_request' }],
  ['issue_comment.created', { trigger: 'comment.created', part: 'comment' }],
]);

const part = z.object({ number: z.number().optional(), created_at: z.string().optional() }).optional().catch(undefined);

/** What is read here of a delivery. Nothing of it is required: whether a payload is sound is its trigger's schema to say. */
const outline = z.object({
  action: z.string().optional().catch(undefined),
  repository: z.object({ full_name: z.string() }).optional().catch(undefined),
  issue: part,
  pull_request: part,
  comment: part,
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
  toEvents({ headers, body }) {
    const known = outline.safeParse(body).data;
    const kind = kinds.get(`${headers['x-github-event']}.${known?.action}`);
    if (known === undefined || kind === undefined) return [];
    const number = (known.issue ?? known.pull_request)?.number;
    const time = Date.parse(known[kind.part]?.created_at ?? '');
    const event: ConnectorEvent<GithubTrigger> = {
      trigger: kind.trigger,
      data: body,
      ...(known.repository === undefined || number === undefined ? {} : { subject: `${known.repository.full_name}#${number}` }),
      ...(Number.isNaN(time) ? {} : { time }),
    };
    return [event];
  },
};
