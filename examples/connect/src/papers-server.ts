import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import Provider from 'oidc-provider';
import { html } from './html.ts';
import { listen } from './listen.ts';
import { memoryAdapters } from './memory-adapter.ts';

/** The service Papers: an authorization server, and who is signed in there. */
export interface PapersServer {
  readonly origin: string;
  close(): Promise<void>;
}

/** An app at the service. */
export interface PapersApp {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

/** Starts it. A person is always Ada there, and is asked before an app gets a permission. */
export async function startPapersServer({ clientId, clientSecret, redirectUri }: PapersApp): Promise<PapersServer> {
  let answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => void response.end();
  const server = createServer((request, response) => answer(request, response));
  const origin = await listen(server, 0);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const provider = new Provider(origin, {
    adapter: memoryAdapters(),
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'papers-1' }] },
    scopes: ['openid', 'profile', 'offline_access'],
    claims: { openid: ['sub'], profile: ['name'] },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    findAccount: async (_, id) => ({ accountId: id, claims: async () => ({ sub: id, name: 'Ada Lovelace' }) }),
    features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    ttl: {
      AccessToken: 3_600,
      AuthorizationCode: 60,
      Grant: 86_400,
      IdToken: 3_600,
      Interaction: 600,
      RefreshToken: 86_400,
      Session: 86_400,
    },
  });
  const callback = provider.callback();
  answer = (request, response) => {
    const isAsking = request.url?.startsWith('/interaction/') === true;
    if (!isAsking) return void callback(request, response);
    ask(provider, request, response).catch(() => response.writeHead(400).end('This question has been answered. Begin again.'));
  };
  return { origin, close: () => new Promise((resolve) => void server.close(() => resolve()).closeAllConnections()) };
}

/** Who signs in is known; whether the app may have what it asks for, the person says. */
async function ask(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { params, prompt, uid } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId: 'ada' } });
  const decision = request.method === 'POST' ? request.url?.split('/').at(-1) : undefined;
  if (decision === 'deny') {
    const denied = { error: 'access_denied', error_description: 'The person said no.' };
    return provider.interactionFinished(request, response, denied, { mergeWithLastSubmission: false });
  }
  if (decision === 'allow') {
    const grant = new provider.Grant({ accountId: 'ada', clientId: String(params['client_id']) });
    grant.addOIDCScope(String(params['scope']));
    return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
  }
  const button = (name: string, text: string) =>
    html`<form method="post" action="/interaction/${uid}/${name}"><button>${text}</button></form>`;
  const page = html`<!doctype html><html lang="en"><meta charset="utf-8"><title>Papers: permission</title>
<main><h1>Papers</h1><p>You are Ada Lovelace. The connect page asks for: <code>${String(params['scope'])}</code></p>
${button('allow', 'Allow')}${button('deny', 'Cancel')}</main></html>`;
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'" }).end(page.html);
}
