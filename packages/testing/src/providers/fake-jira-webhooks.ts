import type { Json } from '@patchbay/core';
import type { ProviderReply, ProviderRoutes } from './provider-reply.ts';
import type { ProviderRequest } from './provider-request.ts';

/** A webhook that an app has registered at the stand-in. Times are milliseconds since 1970. */
export interface FakeJiraWebhook {
  readonly id: number;
  readonly url: string;
  readonly events: readonly string[];
  readonly jqlFilter: string;
  readonly fieldIdsFilter?: readonly string[];
  readonly issuePropertyKeysFilter?: readonly string[];
  expirationDate: number;
}

/** What an app can have delivered, as the API's description lists it. */
const dynamicEvents: ReadonlySet<string> = new Set([
  'jira:issue_created',
  'jira:issue_updated',
  'jira:issue_deleted',
  'comment_created',
  'comment_updated',
  'comment_deleted',
  'issue_property_set',
  'issue_property_deleted',
]);

/** Milliseconds for which one lasts: 30 days. */
const lifetimeMs = 2_592_000_000;

/** The routes of dynamic webhooks. As at Jira, what cannot be registered is told with status 200, and ids that are unknown are passed over. */
export function jiraWebhookRoutes(
  webhooks: FakeJiraWebhook[],
  options: { readonly now: () => number; readonly nextId: () => number },
): ProviderRoutes {
  const idsOf = ({ json }: ProviderRequest): readonly unknown[] => {
    const ids = fieldsOf(json)['webhookIds'];
    return Array.isArray(ids) ? ids : [];
  };
  return {
    'GET /api/3/webhook': ({ query }) => {
      const startAt = Number(query.get('startAt') ?? 0);
      const maxResults = Number(query.get('maxResults') ?? 50);
      const values = webhooks.slice(startAt, startAt + maxResults);
      return { json: asJson({ startAt, maxResults, total: webhooks.length, isLast: startAt + maxResults >= webhooks.length, values }) };
    },
    'POST /api/3/webhook': ({ json }) => register(webhooks, fieldsOf(json), options),
    'PUT /api/3/webhook/refresh': (request) => {
      const expirationDate = options.now() + lifetimeMs;
      for (const webhook of webhooks) if (idsOf(request).includes(webhook.id)) webhook.expirationDate = expirationDate;
      return { json: { expirationDate }, effect: true };
    },
    'DELETE /api/3/webhook': (request) => {
      const ids = idsOf(request);
      webhooks.splice(0, webhooks.length, ...webhooks.filter(({ id }) => !ids.includes(id)));
      return { status: 202, effect: true };
    },
  };
}

function register(
  webhooks: FakeJiraWebhook[],
  { url, webhooks: wanted }: Readonly<Record<string, unknown>>,
  { now, nextId }: { readonly now: () => number; readonly nextId: () => number },
): ProviderReply {
  const other = webhooks.find((webhook) => webhook.url !== url);
  const results = (Array.isArray(wanted) ? wanted : []).map((each: unknown) => {
    const { events, jqlFilter, fieldIdsFilter, issuePropertyKeysFilter } = fieldsOf(each);
    if (other) return { errors: [`Only a single URL per app is allowed to be registered via REST API. Currently used URL: ${other.url}`] };
    if (typeof jqlFilter !== 'string' || !/^project in \([A-Z0-9_, ]+\)$/.test(jqlFilter))
      return { errors: ['The clause is not supported.'] };
    const filter = {
      ...(Array.isArray(fieldIdsFilter) ? { fieldIdsFilter: fieldIdsFilter.map(String) } : {}),
      ...(Array.isArray(issuePropertyKeysFilter) ? { issuePropertyKeysFilter: issuePropertyKeysFilter.map(String) } : {}),
    };
    const names = Array.isArray(events) ? events.map(String) : [];
    const unknown = names.filter((name) => !dynamicEvents.has(name));
    if (unknown.length > 0) return { errors: [`Unknown webhook event: ${unknown.join(', ')}`] };
    const made = { id: nextId(), url: String(url), events: names, jqlFilter, ...filter, expirationDate: now() + lifetimeMs };
    webhooks.push(made);
    return { createdWebhookId: made.id };
  });
  return { json: asJson({ webhookRegistrationResult: results }), effect: results.some((result) => 'createdWebhookId' in result) };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

const asJson = (value: object): Json => JSON.parse(JSON.stringify(value));
