import { generateKeyPairSync } from 'node:crypto';
import { type AuthMethod, type Connector, type Credential, defineAction, defineConnector, type HubOptions, path } from '@patchbay/core';
import { createTestHub, type FakeProvider, type ProviderReply, type ProviderRequest, startFakeProvider } from '@patchbay/testing';
import { z } from 'zod';

/** A way to be given tokens without a person, at a service on this machine. */
export interface MintingKind {
  readonly title: string;
  readonly auth: (origin: string) => AuthMethod;
  readonly credential: Credential;
  /** An answer with the nth token, which lives an hour from then. */
  readonly answer: (count: number, now: number) => ProviderReply;
  /** The answers that say that the connection's own secret is not accepted any more. */
  readonly refusals: readonly ProviderReply[];
}

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });

/** The key of these tests, PEM. */
export const rsaKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
export const rsaPublicKey = publicKey;

const oauthAnswer = (count: number): ProviderReply => ({
  json: { access_token: `token-number-${count}`, token_type: 'Bearer', expires_in: 3_600 },
});
const oauthError = (error: string): ProviderReply => ({ status: 400, json: { error } });

/** The client of these tests, as a connection's own. */
export const ownSecret = 'own-client-secret-1234567890';

/** An app installation as GitHub has it. */
export const installed = (origin: string, changes: Readonly<Record<string, unknown>> = {}): AuthMethod => ({
  type: 'app_installation',
  algorithm: 'RS256',
  tokenUrl: `${origin}/installed/{installation}/tokens`,
  ...changes,
});

/** The three kinds, each with secrets of the connection's own. */
export const mintingKinds: readonly MintingKind[] = [
  {
    title: 'client credentials',
    auth: (origin) => ({ type: 'client_credentials', tokenUrl: `${origin}/token` }),
    credential: { type: 'client_credentials', clientId: 'own-1', clientSecret: ownSecret },
    answer: oauthAnswer,
    refusals: [oauthError('invalid_client'), oauthError('unauthorized_client'), oauthError('invalid_grant')],
  },
  {
    title: 'a service account',
    auth: (origin) => ({ type: 'service_account', algorithm: 'RS256', audience: 'vault', tokenUrl: `${origin}/token` }),
    credential: { type: 'service_account', issuer: 'robot@example.com', privateKey: rsaKey },
    answer: oauthAnswer,
    refusals: [oauthError('invalid_grant'), oauthError('invalid_client')],
  },
  {
    title: 'an app installation',
    auth: installed,
    credential: { type: 'app_installation', installation: '4711', issuer: 'app-1', privateKey: rsaKey },
    answer: (count, now) => ({
      status: 201,
      json: {
        token: `token-number-${count}`,
        expires_at: new Date(now + 3_600_000).toISOString(),
        permissions: { issues: 'write' },
        repository_selection: 'all',
      },
    }),
    refusals: [
      { status: 404, json: { message: 'Not Found' } },
      { status: 401, json: { message: 'A JSON web token could not be decoded' } },
    ],
  },
];

const answer = z.object({ id: z.string() });

/** A connector of the service. */
export function roomConnector(origin: string, auth: readonly [AuthMethod, ...AuthMethod[]], changes: object = {}): Connector {
  return defineConnector({
    id: 'room',
    name: 'Room',
    description: 'Keeps papers.',
    version: '1.0.0',
    category: 'documentation',
    auth,
    origin,
    actions: {
      find: defineAction({
        title: 'Find',
        description: 'Finds a paper.',
        idempotency: 'read',
        scopes: [],
        input: z.strictObject({}),
        output: answer,
        run: ({ http }) => http.get(path`/papers`, { response: answer }),
      }),
    },
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
    ...changes,
  });
}

type TokenHandler = (request: ProviderRequest) => ProviderReply | Promise<ProviderReply>;

/** A service on this machine that gives tokens, and what it was asked. */
export interface MintingStage {
  readonly provider: FakeProvider;
  /** Requests for tokens so far. */
  readonly asked: readonly ProviderRequest[];
  /** Authorization headers with which its API was called. */
  readonly served: string[];
  /** What is answered to requests for tokens from now on. */
  answer(handler: TokenHandler): void;
  /** What the API answers from now on, by the Authorization header. */
  serve(handler: (authorization: string) => ProviderReply): void;
  close(): Promise<void>;
}

/** Starts the service. */
export async function mintingStage(): Promise<MintingStage> {
  const asked: ProviderRequest[] = [];
  const served: string[] = [];
  let handler: TokenHandler = () => ({ status: 500, json: {} });
  let paper = (_authorization: string): ProviderReply => ({ json: { id: 'paper' } });
  const provider = await startFakeProvider({
    handler: (request) => {
      if (request.method === 'POST') {
        asked.push(request);
        return handler(request);
      }
      const authorization = String(request.headers['authorization']);
      served.push(authorization);
      return paper(authorization);
    },
  });
  return {
    provider,
    asked,
    served,
    answer(next) {
      handler = next;
    },
    serve(next) {
      paper = next;
    },
    close: () => provider.close(),
  };
}

type Options = Partial<Omit<HubOptions<[], Record<never, never>>, 'connectors'>>;

/** A hub of the tests with one connection, `main`, and what it logged. */
export async function roomHub(connector: Connector, credential: Credential, options: Options = {}) {
  const logged: string[] = [];
  const log = (message: string, fields?: unknown): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const test = createTestHub({
    publicUrl: 'https://host.example.com/hub',
    logger: { debug: log, info: log, warn: log, error: log },
    random: () => 0.5,
    ...options,
    connectors: [connector],
  });
  const acme = test.tenant('acme');
  const put = () => acme.connections.put('main', { connector: 'room', credential });
  await put();
  return {
    test,
    acme,
    logged,
    put,
    async find() {
      const { dispatchId } = await acme.actions.execute('room.find', { connection: 'main', input: {} });
      await test.settled({ withinMs: 0 });
      return { look: () => acme.dispatches.get(dispatchId) };
    },
    ask: () => acme.request('main', { method: 'GET', path: path`/papers` }),
    async status() {
      const { status, statusReason } = await acme.connections.get('main');
      return [status, statusReason];
    },
  };
}
