import { systemClock } from '@patchbay/core/adapter';
import { bearerOf, type FakeAppOptions, type FakeGrants, fakeGrants } from './fake-grants.ts';
import { type FakeProvider, startFakeProvider } from './fake-provider.ts';
import { argumentsOf, failure, type SlackMethods } from './fake-slack-answers.ts';
import { chatMethods } from './fake-slack-chat.ts';
import { conversationMethods } from './fake-slack-conversations.ts';
import { fileMethods, startUploads } from './fake-slack-files.ts';
import { slackOAuthRoutes } from './fake-slack-oauth.ts';
import { peopleMethods } from './fake-slack-people.ts';
import { addChannel, addMessage, appUser, type FakeSlackMessage, makeSlackState, showSlackState } from './fake-slack-state.ts';
import { workspaceMethods } from './fake-slack-workspace.ts';
import type { ProviderReply } from './provider-reply.ts';
import type { ProviderRequest } from './provider-request.ts';

export type { FakeSlackMessage } from './fake-slack-state.ts';

/** What {@link fakeSlack} is given. */
export interface FakeSlackOptions {
  /** The one token that is let in. */
  readonly token: string;
  /** Whose that token is, and those of the app's grants. @default 'bot' */
  readonly tokens?: 'bot' | 'user';
  /** Names of the public channels that the app is in; their ids are C00000001, C00000002 and so on. @default ['general', 'ops'] */
  readonly channels?: readonly string[];
  /** Scopes that the token has. @default all */
  readonly scopes?: readonly string[];
  /** An app whose grants are let in too, with the scopes that were granted; with `expiresIn` tokens are rotated. @default none */
  readonly app?: FakeAppOptions;
  /** Milliseconds since 1970. @default the machine's clock */
  readonly now?: () => number;
}

/** A stand-in for Slack's Web API, as far as the connector uses it. The person `ada` is U00000002, the app's own account U00000001. */
export interface FakeSlack extends FakeProvider {
  /** Where bytes of files go. */
  readonly filesOrigin: string;
  /** All messages, oldest first. */
  messages(): readonly FakeSlackMessage[];
  /** All that it keeps, as plain data. */
  state(): unknown;
  /** The id of a channel by its name. */
  channel(name: string): string;
  /** Every token that the app's grants have had. */
  tokens(): readonly string[];
  /** Adds a message that a person wrote, or the app. */
  addMessage(message: { readonly channel: string; readonly text: string; readonly byApp?: boolean }): FakeSlackMessage;
  /** Adds a channel that a person made, with these people in it, and gives its id. */
  addChannel(channel: { readonly name: string; readonly members: readonly string[] }): string;
  /** Schedules a message and gives its id. */
  addScheduled(channel: string): string;
}

/** Starts the stand-in. It answers like Slack: errors in the body, with status 200. */
export async function fakeSlack(options: FakeSlackOptions): Promise<FakeSlack> {
  const { channels = ['general', 'ops'], now = systemClock.now, tokens = 'bot' } = options;
  const state = makeSlackState(channels, now);
  const prefixes = { access: tokens === 'bot' ? 'xoxb-' : 'xoxp-', refresh: 'xoxe-' };
  const grants = options.app && fakeGrants({ ...options.app, now, scopeSeparator: ',', prefixes });
  const uploads = await startUploads(() => state);
  const methods: SlackMethods = {
    ...chatMethods,
    ...conversationMethods,
    ...peopleMethods,
    ...workspaceMethods,
    ...fileMethods(uploads),
  };
  const provider = await startFakeProvider({
    routes: grants ? slackOAuthRoutes({ grants, now, tokens }) : {},
    handler(request) {
      const name = request.path.replace(/^\/api\//, '');
      const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
      if (!method) return failure('unknown_method');
      const refusal = refusalOf({ options: { ...options, tokens }, grants }, request, method);
      return refusal ?? method.run(state, argumentsOf(request));
    },
    idempotencyKeyOf: ({ body }) => /"event_payload":\{"key":"([\w-]+)"/.exec(body)?.[1] ?? /"patchbay_key":"([\w-]+)"/.exec(body)?.[1],
    limitBody: { ok: false, error: 'ratelimited' },
  });
  return {
    ...provider,
    close: async () => void (await Promise.all([provider.close(), uploads.close()])),
    filesOrigin: uploads.origin,
    tokens: () => grants?.tokens() ?? [],
    messages: () => state.messages,
    state: () => showSlackState(state),
    channel: (name) => [...state.channels.values()].find((each) => each.name === name)?.id ?? '',
    addMessage: ({ byApp = false, ...message }) => addMessage(state, { ...message, byApp }),
    addChannel: ({ name, members }) => addChannel(state, { name, members: [...members] }).id,
    addScheduled(channel) {
      const id = `Q${String(state.scheduled.size + 1).padStart(8, '0')}`;
      state.scheduled.set(id, { channel, by: appUser });
      return id;
    },
  };
}

interface Door {
  readonly options: FakeSlackOptions & { readonly tokens: 'bot' | 'user' };
  readonly grants: FakeGrants | undefined;
}

/** What keeps a call out: no token, another one, one of another kind, or a scope that it lacks. */
function refusalOf({ options, grants }: Door, request: ProviderRequest, method: SlackMethods[string]): ProviderReply | undefined {
  if (request.headers['authorization'] === undefined) return failure('not_authed');
  const token = bearerOf(request);
  const scopes = token === options.token ? (options.scopes ?? 'all') : grants?.find(token)?.scopes;
  if (scopes === undefined) return failure('invalid_auth');
  if (method?.tokens !== undefined && method.tokens !== options.tokens) return failure('not_allowed_token_type');
  const needed = method?.scopes ?? [];
  if (needed.length === 0 || scopes === 'all' || needed.some((scope) => scopes.includes(scope))) return undefined;
  return failure('missing_scope', { needed: needed.join(','), provided: scopes.join(',') });
}
