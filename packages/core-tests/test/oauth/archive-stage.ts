import type { HubOptions } from '@patchbay/core';
import { createTestHub, type FakeProvider, type ProviderReply, type ProviderRequest, startFakeProvider } from '@patchbay/testing';
import { type ArchiveMethod, archiveConnector } from './archive-connector.ts';

/** The secrets that these tests hand in. */
export const clientSecret = 'client-secret-1234567890';
export const accessToken = 'access-token-abcdefghij';
export const refreshToken = 'refresh-token-klmnopqrst';

type Options = Partial<Omit<HubOptions<[], Record<never, never>>, 'connectors'>>;

/** What a token endpoint is asked, as it came. */
export type TokenHandler = (fields: URLSearchParams, request: ProviderRequest) => ProviderReply | Promise<ProviderReply>;

/** A service on this machine with an authorization server that does what a test says, and hubs that use it. */
export interface ArchiveStage {
  readonly provider: FakeProvider;
  /** What the token endpoint was asked so far. */
  readonly asked: readonly URLSearchParams[];
  /** What the token endpoint answers from now on. */
  answer(handler: TokenHandler): void;
  /** What the API answers from now on, by the Authorization header. */
  serve(handler: (authorization: string) => ProviderReply | Promise<ProviderReply>): void;
  /** What the revocation endpoint answers from now on. */
  revoke(handler: () => ProviderReply): void;
  hub(method?: ArchiveMethod, options?: Options): ArchiveHub;
  close(): Promise<void>;
}

/** A hub of the tests. */
export type ArchiveHub = ReturnType<typeof openHub>;

/** The answer of a well-behaved token endpoint. */
export const goodAnswer = {
  json: {
    access_token: accessToken,
    refresh_token: refreshToken,
    token_type: 'Bearer',
    expires_in: 3_600,
    scope: 'profile papers:read papers:write',
  },
};

/** Starts the service. */
export async function archiveStage(): Promise<ArchiveStage> {
  const open: { close(): Promise<void> }[] = [];
  const asked: URLSearchParams[] = [];
  let handler: TokenHandler = () => goodAnswer;
  let paper: (authorization: string) => ProviderReply | Promise<ProviderReply> = () => ({ json: { id: 'paper' } });
  let revoke = (): ProviderReply => ({ status: 404, json: {} });
  const provider = await startFakeProvider({
    routes: {
      'POST /revoke': () => revoke(),
      'POST /token': (request) => {
        const fields = new URLSearchParams(request.headers['content-type'] === 'application/json' ? fieldsOf(request.json) : request.body);
        asked.push(fields);
        return handler(fields, request);
      },
      'GET /papers': ({ headers }) => paper(String(headers['authorization'])),
    },
    handler: () => ({ status: 404, json: {} }),
  });
  return {
    provider,
    asked,
    answer(next) {
      handler = next;
    },
    revoke(next) {
      revoke = next;
    },
    serve(next) {
      paper = next;
    },
    hub(method = {}, options = {}) {
      const made = openHub(provider.origin, method, options);
      open.push(made.test);
      return made;
    },
    async close() {
      for (const each of open.splice(0)) await each.close();
      await provider.close();
    },
  };
}

const fieldsOf = (json: unknown): [string, string][] =>
  Object.entries(Object(json)).map(([name, value]): [string, string] => [name, String(value)]);

function openHub(origin: string, method: ArchiveMethod, options: Options) {
  const logged: string[] = [];
  const log = (message: string, fields?: unknown): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const test = createTestHub({
    publicUrl: 'https://host.example.com/hub',
    apps: { archive: { oauth: { clientId: 'client-1', ...(method['clientAuthentication'] === 'none' ? {} : { clientSecret }) } } },
    logger: { debug: log, info: log, warn: log, error: log },
    random: () => 0.5,
    ...options,
    connectors: [archiveConnector(origin, method)],
  });
  const acme = test.tenant('acme');
  const begin = async (changes: Readonly<Record<string, unknown>> = {}) => {
    const given = { connector: 'archive', name: 'main', hostUser: 'user-1', returnTo: '/settings', ...changes };
    const { url } = await acme.oauth.beginConnect(given);
    return new URL(url);
  };
  /** What the browser gets when it comes back from the service. */
  const comeBack = async (fields: Readonly<Record<string, string>> | string, at = 'archive', method = 'GET') => {
    const query = typeof fields === 'string' ? fields : new URLSearchParams(fields).toString();
    const response = await test.hub.handler(new Request(`https://host.example.com/hub/oauth/callback/${at}?${query}`, { method }));
    const location = response.headers.get('location');
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      text: await response.text(),
      at: location === null ? null : new URL(location),
    };
  };
  return {
    test,
    acme,
    logged,
    begin,
    comeBack,
    /** A person who gives the permission: answers what the host is handed. */
    async permit(changes: Readonly<Record<string, unknown>> = {}, code = 'code-1') {
      const url = await begin(changes);
      const back = await comeBack({ code, state: url.searchParams.get('state') ?? '' });
      return back.at?.searchParams.get('flow') ?? '';
    },
    /** Connections that are more than begun. */
    connected: async () => (await acme.connections.list()).filter(({ status }) => status !== 'initializing'),
    complete: (flowId: string, hostUser = 'user-1') => acme.oauth.completeConnect({ flowId, hostUser }),
  };
}

/** The error of a call that must fail. */
export async function failureOf(
  call: Promise<unknown>,
): Promise<{ readonly code: string; readonly reason: unknown; readonly message: string }> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error) || !('code' in error)) throw new Error('It was expected to fail with an error of the hub.');
  const details: unknown = 'details' in error ? error.details : undefined;
  return { code: String(error.code), reason: Object(details)['reason'] ?? Object(details)['oauthError'], message: error.message };
}
