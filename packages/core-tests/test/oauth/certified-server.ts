import type { KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import Provider, { type Configuration, type JWK } from 'oidc-provider';

/** A certified authorization server on this machine, with a person who says yes to everything. */
export interface CertifiedServer {
  readonly origin: string;
  /** What the token endpoint was asked, by grant type. */
  readonly asked: readonly string[];
  /** Goes to the address as a browser does, signs in, permits, and answers where the browser is sent back to. */
  visit(url: string): Promise<URL>;
  close(): Promise<void>;
}

/** A client that proves itself by assertions, and the public keys that it signs with. */
export interface KeyedClient {
  readonly id: string;
  readonly keys: readonly KeyObject[];
}

const clients = (redirectUris: string[], keyed: KeyedClient | undefined): NonNullable<Configuration['clients']> => [
  {
    client_id: 'client-1',
    client_secret: 'client-secret-1234567890',
    redirect_uris: redirectUris,
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types: ['code'],
  },
  ...(keyed === undefined
    ? []
    : [
        {
          client_id: keyed.id,
          redirect_uris: redirectUris,
          grant_types: ['client_credentials'],
          response_types: [] as const,
          token_endpoint_auth_method: 'private_key_jwt' as const,
          jwks: { keys: keyed.keys.map((key) => ({ ...jwkOf(key), use: 'sig' })) },
        },
      ]),
];

const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' }) as JWK;

/** What differs from test to test. */
export interface CertifiedOptions {
  /** @default true */
  readonly isPkceRequired?: boolean;
  /** @default none */
  readonly keyed?: KeyedClient;
}

/** Starts the server. Each refresh token is used once; one that comes again ends the grant. PKCE is demanded unless a test says otherwise. */
export async function startCertifiedServer(redirectUris: string[], options: CertifiedOptions = {}): Promise<CertifiedServer> {
  const { isPkceRequired = true, keyed } = options;
  const asked: string[] = [];
  let listener: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  const server = createServer((request, response) => listener(request, response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const provider = new Provider(origin, {
    clients: clients(redirectUris, keyed),
    scopes: ['openid', 'offline_access', 'profile', 'papers:read', 'papers:write'],
    pkce: { required: () => isPkceRequired },
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    findAccount: async (_, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    features: { devInteractions: { enabled: false }, revocation: { enabled: true }, clientCredentials: { enabled: true } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    cookies: { keys: ['a key of these tests'] },
    ttl: {
      AccessToken: 3_600,
      AuthorizationCode: 60,
      ClientCredentials: 3_600,
      Grant: 86_400,
      IdToken: 3_600,
      Interaction: 600,
      RefreshToken: 86_400,
      Session: 86_400,
    },
  });
  provider.on('grant.success', (context) => void asked.push(String(context.oidc.params?.['grant_type'])));
  const answer = provider.callback();
  listener = (request, response) => {
    if (request.url?.startsWith('/interaction/') === true) void permit(provider, request, response);
    else void answer(request, response);
  };
  return {
    origin,
    asked,
    visit: (url) => visit(origin, url),
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

async function permit(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { params, prompt } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId: 'user-1' } });
  const grant = new provider.Grant({ accountId: 'user-1', clientId: String(params['client_id']) });
  grant.addOIDCScope(String(params['scope']));
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

async function visit(origin: string, start: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = new URL(start);
  for (let steps = 0; steps < 10 && url.origin === origin; steps += 1) {
    const response = await fetch(url, { redirect: 'manual', headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') } });
    for (const cookie of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=');
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`The server answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
    url = new URL(location, url);
  }
  return url;
}
