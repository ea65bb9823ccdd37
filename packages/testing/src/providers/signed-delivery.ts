import { randomUUID } from 'node:crypto';
import { hmacSha256, type Json, timestampedHmacSha256 } from '@patchbay/core';
import { signWebhook } from './sign-webhook.ts';

/** A webhook as it goes over the wire. */
export interface SignedDelivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface DeliveryInput {
  readonly payload: Json;
  readonly secret: string;
}

const githubScheme = hmacSha256({ header: 'x-hub-signature-256', prefix: 'sha256=' });
const jiraScheme = hmacSha256({ header: 'x-hub-signature', prefix: 'sha256=' });
const slackScheme = timestampedHmacSha256({ header: 'x-slack-signature', timestampHeader: 'x-slack-request-timestamp', version: 'v0' });

/** A delivery as GitHub sends it. `event` is the value of `X-GitHub-Event`, such as `issues`. @default a new delivery id */
export function githubDelivery({
  event,
  payload,
  secret,
  deliveryId = randomUUID(),
}: DeliveryInput & { readonly event: string; readonly deliveryId?: string }): SignedDelivery {
  const body = JSON.stringify(payload);
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/044aadd',
    'x-github-event': event,
    'x-github-delivery': deliveryId,
  };
  return { body, headers: { ...headers, ...signWebhook(githubScheme, { secret, body }) } };
}

/** A delivery as Slack's Events API sends it; its id is the payload's `event_id`. `timestamp` is in seconds. @default now */
export function slackDelivery({ payload, secret, timestamp }: DeliveryInput & { readonly timestamp?: number }): SignedDelivery {
  const body = JSON.stringify(payload);
  const signature = signWebhook(slackScheme, { secret, body, ...(timestamp === undefined ? {} : { timestamp }) });
  return {
    body,
    headers: { 'content-type': 'application/json', 'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)', ...signature },
  };
}

/** An interaction (the payload is JSON in one field) or a slash command (its fields) as Slack sends them. `timestamp` is in seconds. @default now */
export function slackFormDelivery({
  fields,
  secret,
  timestamp,
}: {
  readonly fields: Readonly<Record<string, string>>;
  readonly secret: string;
  readonly timestamp?: number;
}): SignedDelivery {
  const body = new URLSearchParams(fields).toString();
  const signature = signWebhook(slackScheme, { secret, body, ...(timestamp === undefined ? {} : { timestamp }) });
  return { body, headers: { 'content-type': 'application/x-www-form-urlencoded', ...signature } };
}

/** A delivery as Jira's admin webhooks send it. `identifier` stays the same over retries. @default a new one */
export function jiraDelivery({
  payload,
  secret,
  identifier = randomUUID(),
}: DeliveryInput & { readonly identifier?: string }): SignedDelivery {
  const body = JSON.stringify(payload);
  const headers = {
    'content-type': 'application/json; charset=UTF-8',
    'user-agent': 'Atlassian Webhook HTTP Client',
    'x-atlassian-webhook-identifier': identifier,
  };
  return { body, headers: { ...headers, ...signWebhook(jiraScheme, { secret, body }) } };
}
