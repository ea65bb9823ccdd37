import { systemClock } from '@patchbay/core/adapter';
import { bearerOf, type FakeAppOptions, fakeGrants } from './fake-grants.ts';
import { type FakeProvider, startFakeProvider } from './fake-provider.ts';
import { slackOAuthRoutes } from './fake-slack-oauth.ts';
import type { ProviderReply } from './provider-reply.ts';
import { type ProviderRequest, parseJson } from './provider-request.ts';

/** What {@link fakeSlack} is given. */
export interface FakeSlackOptions {
  /** The one bot token that is let in. */
  readonly token: string;
  /** Names of the public channels that the app is in; their ids are C00000001, C00000002 and so on. @default ['general', 'ops'] */
  readonly channels?: readonly string[];
  /** Scopes that the app has. @default all that the connector uses */
  readonly scopes?: readonly string[];
  /** An app whose grants are let in too, with the scopes that were granted; with `expiresIn` tokens are rotated. @default none */
  readonly app?: FakeAppOptions;
  /** Milliseconds since 1970. @default the machine's clock */
  readonly now?: () => number;
}

/** A message of the stand-in. */
export interface FakeSlackMessage {
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly thread_ts: string | undefined;
  readonly metadata: unknown;
  readonly reactions: string[];
  readonly byApp: boolean;
}

/** A stand-in for Slack's Web API: messages, threads, history, reactions, as far as the connector uses them. */
export interface FakeSlack extends FakeProvider {
  /** All messages, oldest first. */
  messages(): readonly FakeSlackMessage[];
  /** The id of a channel by its name. */
  channel(name: string): string;
  /** Every token that the app's grants have had. */
  tokens(): readonly string[];
  /** Adds a message that a person wrote. */
  addMessage(message: { readonly channel: string; readonly text: string }): FakeSlackMessage;
}

interface State {
  readonly channels: ReadonlyMap<string, string>;
  readonly scopes: ReadonlySet<string>;
  readonly messages: FakeSlackMessage[];
  readonly now: () => number;
  last: number;
}

type Arguments = Readonly<Record<string, unknown>>;

interface Method {
  readonly scope?: string;
  run(state: State, given: Arguments): ProviderReply;
}

const allScopes = ['chat:write', 'channels:history', 'channels:read', 'reactions:write'];

/** Starts the stand-in. It answers like Slack: errors in the body, with status 200. */
export async function fakeSlack(options: FakeSlackOptions): Promise<FakeSlack> {
  const names = options.channels ?? ['general', 'ops'];
  const channels = new Map(names.map((name, index) => [name, `C${String(index + 1).padStart(8, '0')}`]));
  const now = options.now ?? systemClock.now;
  const state: State = { channels, scopes: new Set(options.scopes ?? allScopes), messages: [], now, last: 0 };
  const prefixes = { access: 'xoxb-', refresh: 'xoxe-' };
  const grants = options.app && fakeGrants({ ...options.app, now, scopeSeparator: ',', prefixes });
  const provider = await startFakeProvider({
    routes: grants ? slackOAuthRoutes(grants, now) : {},
    handler(request) {
      const method = methods.get(request.path.replace(/^\/api\//, ''));
      if (!method) return failure('unknown_method');
      if (request.headers['authorization'] === undefined) return failure('not_authed');
      const token = bearerOf(request);
      const scopes = token === options.token ? [...state.scopes] : grants?.find(token)?.scopes;
      if (scopes === undefined) return failure('invalid_auth');
      if (method.scope !== undefined && !scopes.includes(method.scope))
        return failure('missing_scope', { needed: method.scope, provided: scopes.join(',') });
      return method.run(state, argumentsOf(request));
    },
    idempotencyKeyOf: ({ body }) => /"event_payload":\{"key":"([\w-]+)"/.exec(body)?.[1],
    limitBody: { ok: false, error: 'ratelimited' },
  });
  return {
    ...provider,
    tokens: () => grants?.tokens() ?? [],
    messages: () => state.messages,
    channel: (name) => channels.get(name) ?? '',
    addMessage: (message) => addMessage(state, { ...message, byApp: false }),
  };
}

const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  [
    'auth.test',
    {
      run: () =>
        success({
          url: 'https://acme.slack.com/',
          team: 'Acme',
          user: 'patchbay',
          team_id: 'T00000001',
          user_id: 'U00000001',
          bot_id: 'B00000001',
          is_enterprise_install: false,
        }),
    },
  ],
  ['chat.postMessage', { scope: 'chat:write', run: post }],
  [
    'conversations.history',
    { scope: 'channels:history', run: (state, given) => history(state, given, (message) => message.thread_ts === undefined) },
  ],
  [
    'conversations.replies',
    {
      scope: 'channels:history',
      run: (state, given) => history(state, given, (message) => message.ts === given['ts'] || message.thread_ts === given['ts']),
    },
  ],
  [
    'conversations.list',
    {
      scope: 'channels:read',
      run: ({ channels }) =>
        success({ channels: [...channels].map(([name, id]) => ({ id, name })), response_metadata: { next_cursor: '' } }),
    },
  ],
  ['reactions.add', { scope: 'reactions:write', run: react }],
]);

function post(state: State, given: Arguments): ProviderReply {
  const channel = findChannel(state, given['channel']);
  if (channel === undefined) return failure('channel_not_found');
  if (typeof given['text'] !== 'string' || given['text'] === '') return failure('no_text');
  const thread = typeof given['thread_ts'] === 'string' ? given['thread_ts'] : undefined;
  if (thread !== undefined && !state.messages.some(({ ts }) => ts === thread)) return failure('thread_not_found');
  const message = addMessage(state, { channel, text: given['text'], thread_ts: thread, metadata: given['metadata'], byApp: true });
  return {
    ...success({ channel, ts: message.ts, message: { type: 'message', text: message.text, ts: message.ts, bot_id: 'B00000001' } }),
    effect: true,
  };
}

function addMessage(
  state: State,
  { channel, text, thread_ts, metadata, byApp }: Partial<FakeSlackMessage> & { channel: string; text: string; byApp: boolean },
): FakeSlackMessage {
  // Timestamps are ids: two messages of one microsecond get different ones.
  state.last = Math.max(state.last + 1, Math.round(state.now() * 1000));
  const ts = `${Math.floor(state.last / 1_000_000)}.${String(state.last % 1_000_000).padStart(6, '0')}`;
  const message: FakeSlackMessage = { channel, ts, text, thread_ts, metadata, reactions: [], byApp };
  state.messages.push(message);
  return message;
}

function history(state: State, given: Arguments, belongs: (message: FakeSlackMessage) => boolean): ProviderReply {
  const oldest = Number(given['oldest'] ?? 0);
  const limit = Number(given['limit'] ?? 100);
  const start = Number(given['cursor'] ?? 0);
  const withMetadata = String(given['include_all_metadata'] ?? '') === 'true';
  const matching = state.messages
    .filter(
      (message) => message.channel === given['channel'] && (Number(message.ts) > oldest || message.ts === given['ts']) && belongs(message),
    )
    .toReversed();
  const messages = matching.slice(start, start + limit).map((message) => show(message, withMetadata));
  const next = start + limit < matching.length ? String(start + limit) : '';
  return success({ messages, has_more: next !== '', response_metadata: { next_cursor: next } });
}

function show({ ts, text, thread_ts, metadata, byApp }: FakeSlackMessage, withMetadata: boolean): Record<string, unknown> {
  const author = byApp ? { user: 'U00000001', bot_id: 'B00000001' } : { user: 'U00000002' };
  return {
    type: 'message',
    ts,
    text,
    ...author,
    ...(thread_ts === undefined ? {} : { thread_ts }),
    ...(withMetadata && metadata !== undefined ? { metadata } : {}),
  };
}

function react(state: State, given: Arguments): ProviderReply {
  const message = state.messages.find(({ channel, ts }) => channel === given['channel'] && ts === given['timestamp']);
  const name = given['name'];
  if (!message) return failure('message_not_found');
  if (typeof name !== 'string') return failure('invalid_name');
  if (message.reactions.includes(name)) return failure('already_reacted');
  message.reactions.push(name);
  return { ...success({}), effect: true };
}

function findChannel({ channels }: State, given: unknown): string | undefined {
  const wanted = String(given).replace(/^#/, '');
  return [...channels.values()].includes(wanted) ? wanted : channels.get(wanted);
}

/** Slack takes arguments from the query, from a form and from JSON. */
function argumentsOf({ query, headers, body }: ProviderRequest): Arguments {
  if (body === '') return Object.fromEntries(query);
  if (headers['content-type']?.includes('json') !== true)
    return { ...Object.fromEntries(query), ...Object.fromEntries(new URLSearchParams(body)) };
  const json = parseJson(body);
  return typeof json === 'object' && json !== null ? { ...json } : {};
}

const success = (fields: Readonly<Record<string, unknown>>): ProviderReply => ({
  json: JSON.parse(JSON.stringify({ ok: true, ...fields })),
});

const failure = (error: string, more: Readonly<Record<string, string>> = {}): ProviderReply => ({ json: { ok: false, error, ...more } });
