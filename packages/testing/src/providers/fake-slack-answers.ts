import type { FakeSlackState } from './fake-slack-state.ts';
import type { ProviderReply } from './provider-reply.ts';
import { type ProviderRequest, parseJson } from './provider-request.ts';

/** Arguments of a call, whatever way they came. */
export type SlackArguments = Readonly<Record<string, unknown>>;

/** One method of the Web API. */
export interface SlackMethod {
  /** Scopes of which one is enough; a person's differ in name. @default none is asked for */
  readonly scopes?: readonly string[];
  /** Whose tokens it takes. @default both */
  readonly tokens?: 'bot' | 'user';
  run(state: FakeSlackState, given: SlackArguments): ProviderReply;
}

/** Methods by name. */
export type SlackMethods = Readonly<Record<string, SlackMethod>>;

/** A good answer. */
export const success = (fields: Readonly<Record<string, unknown>> = {}): ProviderReply => ({
  json: JSON.parse(JSON.stringify({ ok: true, ...fields })),
});

/** The same to a call that changed something. */
export const changed = (fields: Readonly<Record<string, unknown>> = {}): ProviderReply => ({ ...success(fields), effect: true });

/** An error, which Slack answers with status 200. */
export const failure = (error: string, more: Readonly<Record<string, string>> = {}): ProviderReply => ({
  json: { ok: false, error, ...more },
});

/** Slack takes arguments from the query, from a form and from JSON; in a form what is no text is JSON. */
export function argumentsOf({ query, headers, body }: Pick<ProviderRequest, 'query' | 'headers' | 'body'>): SlackArguments {
  if (body === '') return Object.fromEntries(query);
  if (headers['content-type']?.includes('json') !== true)
    return { ...Object.fromEntries(query), ...Object.fromEntries(new URLSearchParams(body)) };
  const json = parseJson(body);
  return typeof json === 'object' && json !== null ? { ...json } : {};
}

/** An argument that is text, or ''. */
export const textOf = (given: SlackArguments, name: string): string => (typeof given[name] === 'string' ? given[name] : '');

/** An argument that is an object or a list, also as the JSON that a form has of it. */
export function structureOf(given: SlackArguments, name: string): unknown {
  const value = given[name];
  return typeof value === 'string' ? parseJson(value) : value;
}

/** True for a switch that is on, in JSON or in words. */
export const isOn = (given: SlackArguments, name: string): boolean => String(given[name] ?? '') === 'true';

/** One page of a listing by cursor. */
export function pageOf<Item>(
  items: readonly Item[],
  given: SlackArguments,
): { readonly page: readonly Item[]; readonly end: SlackArguments } {
  const start = Number(given['cursor'] ?? 0);
  const limit = Number(given['limit'] ?? 100);
  const next = start + limit < items.length ? String(start + limit) : '';
  return { page: items.slice(start, start + limit), end: { response_metadata: { next_cursor: next } } };
}
