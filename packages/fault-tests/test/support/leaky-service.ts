import { type Connector, defineAction, defineConnector, hmacSha256, path } from '@patchbay/core';
import { type FakeProvider, type ProviderReply, type ProviderRequest, startFakeProvider } from '@patchbay/testing';
import { z } from 'zod';
import { writingsOf } from '../../../core-tests/test/gateway/secret-writings.ts';

/** A service with an authorization server that says all that it was sent, in every answer that it can. */
export interface LeakyService extends Pick<FakeProvider, 'origin' | 'close'> {
  /** What it was sent of credentials, and what it has given: a test would find nothing where nothing was sent. */
  readonly seen: readonly string[];
  /** Code verifiers that it was shown. */
  readonly verifiers: readonly string[];
}

/** What the service hands out: by a code first, then by the refresh token that came with it. */
export interface Grants {
  readonly first: (code: string) => { readonly access: string; readonly refresh: string } | undefined;
  readonly renewed: (refresh: string) => string | undefined;
  /** Access tokens that the API refuses, so that they are renewed. */
  readonly refused: ReadonlySet<string>;
}

const statuses = [200, 201, 302, 400, 403, 404, 409, 422, 429, 500, 503];

/** Starts it. */
export async function startLeakyService(grants: Grants): Promise<LeakyService> {
  const seen: string[] = [];
  const verifiers: string[] = [];
  let came = 0;

  const echo = (parts: readonly string[], status: number): ProviderReply => {
    const said = parts.flatMap((part) => writingsOf(part));
    const short = said.filter((text) => /^[\x20-\x7e]{1,300}$/.test(text)).slice(0, 20);
    return {
      status,
      headers: Object.fromEntries(short.map((text, index) => [`x-echo-${index}`, text])),
      json: { error: 'invalid_request', error_description: said.join(' ').slice(0, 500), id: said.join(' '), said: [...said] },
    };
  };

  const api = ({ headers }: ProviderRequest): ProviderReply => {
    came += 1;
    const authorization = headers['authorization'] ?? '';
    const token = authorization.replace(/^Bearer /, '');
    seen.push(token);
    return echo([authorization, token], grants.refused.has(token) ? 401 : (statuses[came % statuses.length] ?? 200));
  };

  const token = ({ headers, body }: ProviderRequest): ProviderReply => {
    const fields = new URLSearchParams(String(body));
    const basic = Buffer.from((headers['authorization'] ?? '').replace(/^Basic /, ''), 'base64').toString();
    const parts = [...fields.values(), ...basic.split(':').map(decodeURIComponent)].filter((part) => part !== '');
    seen.push(...parts);
    verifiers.push(...[fields.get('code_verifier')].filter((verifier) => verifier !== null));
    const begun = grants.first(fields.get('code') ?? '');
    const access = begun?.access ?? grants.renewed(fields.get('refresh_token') ?? '');
    if (access === undefined) return echo(parts, 400);
    const refresh = begun === undefined ? {} : { refresh_token: begun.refresh };
    seen.push(access, begun?.refresh ?? '');
    return { json: { access_token: access, token_type: 'Bearer', expires_in: 3_600, ...refresh } };
  };

  const revoke = ({ body }: ProviderRequest): ProviderReply => {
    came += 1;
    return echo([...new URLSearchParams(String(body)).values()], came % 2 === 0 ? 200 : 400);
  };

  const provider = await startFakeProvider({ routes: { 'POST /token': token, 'POST /revoke': revoke }, handler: api });
  return { origin: provider.origin, close: provider.close, seen, verifiers };
}

/** The scheme of its deliveries. */
export const leakyScheme = hmacSha256({ header: 'x-signature' });

const call = (title: string, idempotency: 'read' | 'idempotent') =>
  defineAction({
    title,
    description: title,
    idempotency,
    input: z.strictObject({}),
    output: z.json(),
    run: ({ http }) =>
      idempotency === 'read' ? http.get(path`/things`, { response: z.json() }) : http.put(path`/things`, { json: {}, response: z.json() }),
  });

const common = (origin: string) => ({
  description: 'Says all that it is sent.',
  version: '1.0.0',
  category: 'documentation' as const,
  origin,
  actions: { look: call('Look', 'read'), make: call('Make', 'idempotent') },
  healthCheck: async () => ({ healthy: true }),
});

/** Two connectors of it: one with plain tokens and webhooks, one with OAuth. */
export const leakyConnectors = (origin: string): readonly Connector[] => [
  defineConnector({
    ...common(origin),
    id: 'plain',
    name: 'Plain',
    auth: [{ type: 'bearer' }],
    triggers: { said: { title: 'Said', description: 'Said.', kind: 'custom', delivery: 'webhook', payload: z.json() } },
    webhook: { scheme: leakyScheme, deliveryId: 'x-delivery', toEvents: ({ body }) => [{ trigger: 'said' as const, data: body }] },
    mapError: ({ status, body, headers }) => ({
      code: 'provider_rejected',
      message: `The service said ${JSON.stringify(body)} ${JSON.stringify(headers)}`,
      providerCode: JSON.stringify(body).slice(0, 200),
      retryable: status >= 429,
    }),
  }),
  defineConnector({
    ...common(origin),
    id: 'granted',
    name: 'Granted',
    auth: [
      {
        type: 'oauth2',
        authorizationUrl: `${origin}/authorize`,
        tokenUrl: `${origin}/token`,
        revocationUrl: `${origin}/revoke`,
      },
    ],
    triggers: {},
  }),
];
