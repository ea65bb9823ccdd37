import { type Connector, defineConnector } from '@patchbay/core';
import { createConnectorHarness } from '@patchbay/core/connector-kit';
import { fakeSlack, type RecordedRequest } from '@patchbay/testing';
import { LogLevel, WebClient } from '@slack/web-api';
import { slack, slackUser } from '../slack.ts';
import type { SlackCase } from './action-case.ts';
import { formOf, type SentCall, toSentCall } from './sent-call.ts';

const token = 'xoxb-vendor-0000000000';
const at = Date.UTC(2026, 0, 1, 12);

/** One change of a request on its way: a field is left out, called otherwise, or of another type. */
export interface Mutation {
  readonly kind: 'drop' | 'rename' | 'mistype';
  /** The method that it meets, and the field. */
  readonly method: string;
  readonly field: string;
}

/** What an operation came to at the stand-in. */
export interface Replay {
  readonly calls: readonly SentCall[];
  readonly forms: readonly ReturnType<typeof formOf>[];
  readonly requests: readonly RecordedRequest[];
}

/** A stand-in as both sides meet it: the same time, and so the same ids. */
const standIn = (isUser: boolean) => fakeSlack({ token, tokens: isUser ? 'user' : 'bot', now: () => at });

const isOfPerson = ({ name }: SlackCase): boolean => !Object.hasOwn(slack().actions, name);

/** What our connector sends for a case; with a mutation, what it would send if it had that fault. */
export async function ours(given: SlackCase, mutation?: Mutation): Promise<Replay> {
  const provider = await standIn(isOfPerson(given));
  const options = { origin: provider.origin, filesOrigin: provider.filesOrigin };
  const sound: Connector = isOfPerson(given) ? slackUser(options) : slack(options);
  const connector = mutation === undefined ? sound : faulty(sound, mutation);
  const harness = createConnectorHarness({ connector, credential: { type: 'bearer', token }, dangerouslyAllowPrivateNetworks: true });
  try {
    const call = harness.execute({ action: given.name, input: given.input(provider) });
    await (mutation === undefined ? call : call.catch(() => undefined));
    const { requests } = provider;
    return { calls: requests.map(toSentCall), forms: requests.map(formOf), requests };
  } finally {
    await harness.close();
    await provider.close();
  }
}

/** What Slack's own client sends for it, and how the stand-in answers that. */
export async function theirs(given: SlackCase, key: string): Promise<readonly SentCall[]> {
  const provider = await standIn(isOfPerson(given));
  const client = new WebClient(token, { slackApiUrl: `${provider.origin}/api/`, logLevel: LogLevel.ERROR, retryConfig: { retries: 0 } });
  try {
    given.input(provider);
    await given.theirs({ client, provider, key });
    return provider.requests.map(toSentCall);
  } finally {
    await provider.close();
  }
}

/** The connector with a fault in what it sends. A form is no JSON, and is not changed. */
function faulty({ definition }: Connector, { kind, method, field }: Mutation): Connector {
  const change = (fields: Readonly<Record<string, unknown>>) => {
    const { [field]: value, ...rest } = fields;
    if (kind === 'drop') return rest;
    return kind === 'rename'
      ? { ...rest, [`${field}_x`]: value }
      : { ...rest, [field]: typeof value === 'object' ? 'text' : `${String(value)}?` };
  };
  return defineConnector({
    ...definition,
    transformRequest({ template, query, json }) {
      // Of a call whose method the caller names the template tells nothing; it makes no other.
      if (`/api${template}` !== method && template !== '/{}' && template !== '/api/{}') return undefined;
      if (isRecord(json)) return { json: JSON.parse(JSON.stringify(change(json))) };
      return { query: Object.fromEntries(Object.entries(change(query)).map(([name, value]) => [name, String(value)])) };
    },
  });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
