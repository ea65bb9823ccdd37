import { systemClock } from '@patchbay/core/adapter';
import { z } from 'zod';
import { bearerOf, type FakeGrant, type FakeRefusal, fakeGrants } from '../../providers/fake-grants.ts';
import { type FakeProvider, startFakeProvider } from '../../providers/fake-provider.ts';
import type { ProviderHandler, ProviderReply } from '../../providers/provider-reply.ts';
import type { ProviderRequest } from '../../providers/provider-request.ts';

/** The one token that the service takes. */
export const token = 'token-of-the-sample';

/** The app that its authorization server knows. */
export const app = { clientId: 'sample-client', clientSecret: 'secret-of-the-sample-app' };

/** A key header of the service's own: the definition names it, so that an action may set it. */
export const keyHeader = 'x-order-key';

/** Where the sample's credential goes. */
export type Way = 'bearer' | 'header' | 'query' | 'cookie' | 'headers';

/** The service that the sample connects, with what it holds. */
export interface SampleService extends FakeProvider {
  /** Every token that its authorization server gave. */
  tokens(): readonly string[];
  holdings(): unknown;
  /** A thing that somebody else has made. */
  add(name: string): void;
}

/** Starts the service of the sample. */
export async function startSampleService(way: Way): Promise<SampleService> {
  const things: { id: number; name: string; ref: string | null }[] = [];
  const names = new Map<string, string>();
  const grants = fakeGrants({
    ...app,
    expiresIn: 3_600,
    now: systemClock.now,
    scopeSeparator: ' ',
    prefixes: { access: 'sample-access-', refresh: 'sample-refresh-' },
  });
  const guarded =
    (handler: ProviderHandler): ProviderHandler =>
    (request) =>
      isLetIn(way, request) || grants.find(bearerOf(request)) ? handler(request) : { status: 401, json: {} };
  const given = z.object({ name: z.string(), ref: z.string().optional(), strict: z.boolean().optional() });
  const add: ProviderHandler = ({ json }) => {
    const { name, ref = null } = given.parse(json);
    things.push({ id: things.length + 1, name, ref });
    return { status: 201, json: { id: things.length, name }, effect: true };
  };
  const provider = await startFakeProvider({
    idempotencyKeyOf: ({ json, headers }) => headers[keyHeader] || given.safeParse(json).data?.ref,
    dropsRepeatedKeys: true,
    routes: {
      'GET /authorize': (request) => grants.authorize(request),
      'POST /token': ({ body }) => tokenAnswer(grants.redeem(Object.fromEntries(new URLSearchParams(body)))),
      'GET /me': guarded(() => ({ json: { id: '1', name: 'me' } })),
      'GET /things': guarded(() => ({ json: things.map(({ ref, ...rest }) => (ref === null ? rest : { ...rest, ref })) })),
      'GET /pages': guarded(() => ({ json: { items: things.map(({ id, name }) => ({ id, name })) } })),
      'POST /things': guarded(add),
      'POST /orders': guarded(add),
      'PUT /things/:id/name': guarded(({ json, parameters: { id = '' } }) => {
        const { name, strict } = given.parse(json);
        if (strict && names.get(id) === name) return { status: 409, json: {} };
        names.set(id, name);
        return { status: 204, effect: true };
      }),
    },
  });
  const addOne = (name: string): void => {
    things.push({ id: things.length + 1, name, ref: null });
  };
  return { ...provider, tokens: () => grants.tokens(), holdings: () => ({ things, names }), add: addOne };
}

const refusals: Readonly<Record<FakeRefusal, ProviderReply>> = {
  client: { status: 401, json: { error: 'invalid_client' } },
  code: { status: 400, json: { error: 'invalid_grant' } },
  // The service's own word for it.
  refresh_token: { status: 400, json: { error: 'bad_refresh_token' } },
};

function tokenAnswer(granted: FakeGrant | FakeRefusal): ProviderReply {
  if (typeof granted === 'string') return refusals[granted];
  const { accessToken, refreshToken = '', scopes } = granted;
  return {
    json: { access_token: accessToken, refresh_token: refreshToken, token_type: 'Bearer', expires_in: 3_600, scope: scopes.join(' ') },
    effect: true,
  };
}

function isLetIn(way: Way, { headers, query }: ProviderRequest): boolean {
  if (way === 'bearer') return headers['authorization'] === `Bearer ${token}`;
  if (way === 'cookie') return headers['cookie'] === `sample_session=${token}`;
  return token === (way === 'query' ? query.get('sample_token') : headers['x-sample-token']);
}
