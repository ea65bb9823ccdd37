import { type Connector, defineAction, defineConnector, defineTrigger, path, timestampedHmacSha256 } from '@patchbay/core';
import { z } from 'zod';
import { type FakeProvider, startFakeProvider } from '../../providers/fake-provider.ts';
import type { ProviderHandler } from '../../providers/provider-reply.ts';
import { signWebhook } from '../../providers/sign-webhook.ts';
import type { ConnectorSubject } from '../connector-subject.ts';

/** What can be wrong with the sample: each is a mistake that an author makes. */
export const defects = [
  'accepts_any_input',
  'creates_twice',
  'never_finds',
  'finds_anything',
  'forgets_the_key',
  'takes_failure_for_absence',
  'takes_a_limit_for_final',
  'takes_500_for_nothing_done',
  'shuts_its_payload',
  'reads_the_id_elsewhere',
  'emits_what_it_does_not_declare',
  'names_no_account',
  'is_healthy_whatever_comes',
  'refuses_a_repeat',
] as const;

export type Defect = (typeof defects)[number];

const token = 'token-of-the-sample';
const thing = z.object({ id: z.number(), name: z.string(), ref: z.string().optional() });
const scheme = timestampedHmacSha256({ header: 'x-signature', timestampHeader: 'x-time', version: 'v1' });

const createThing = (has: (defect: Defect) => boolean) =>
  defineAction({
    title: 'Create thing',
    description: 'Creates a thing.',
    idempotency: 'reconcilable',
    settlesWithin: 1_000,
    scopes: ['things:write'],
    input: has('accepts_any_input') ? z.looseObject({ name: z.string() }) : z.strictObject({ name: z.string() }),
    output: z.object({ id: z.number() }),
    async run({ input, http, key }) {
      const json = { name: input.name, ...(has('forgets_the_key') ? {} : { ref: key.value }) };
      const { id } = await http.post(path`/things`, { json, response: thing });
      if (has('creates_twice')) await http.post(path`/things`, { json, response: thing, key: key.child('again') });
      return { id };
    },
    async reconcile({ http, key }) {
      if (has('never_finds')) return { answer: 'absent' };
      const things = await http.get(path`/things`, { response: z.array(thing) }).catch((error: unknown) => {
        if (has('takes_failure_for_absence')) return [];
        throw error;
      });
      const found = things.find(({ ref }) => has('finds_anything') || ref === key.value);
      return found ? { answer: 'found', output: { id: found.id } } : { answer: 'absent' };
    },
  });

const renameThing = (has: (defect: Defect) => boolean) =>
  defineAction({
    title: 'Rename thing',
    description: 'Renames a thing.',
    idempotency: 'idempotent',
    input: z.strictObject({ id: z.number(), name: z.string() }),
    output: z.object({}),
    async run({ input: { id, name }, http }) {
      await http.put(path`/things/${id}/name`, { json: { name, strict: has('refuses_a_repeat') }, response: z.unknown() });
      return {};
    },
  });

function createSample(origin: string, has: (defect: Defect) => boolean): Connector {
  const payload = z.object({ id: z.string(), name: z.string() });
  return defineConnector({
    id: 'sample',
    name: 'Sample',
    description: 'A service of things.',
    docsUrl: 'https://example.com/',
    version: '1.0.0',
    category: 'custom',
    auth: [{ type: 'bearer' }],
    origin,
    actions: { create_thing: createThing(has), rename_thing: renameThing(has) },
    triggers: {
      'thing.created': defineTrigger({
        title: 'Thing created',
        description: 'A thing was created.',
        kind: 'created',
        delivery: 'webhook',
        payload: has('shuts_its_payload') ? payload.strict() : payload.loose(),
      }),
    },
    webhook: {
      scheme,
      deliveryId: has('reads_the_id_elsewhere') ? 'x-delivery' : { bodyField: 'id' },
      toEvents({ body }) {
        // A defect that the types forbid, as an author without types would make it.
        const trigger = has('emits_what_it_does_not_declare') ? JSON.parse('"thing.made"') : 'thing.created';
        return [{ trigger, data: body }];
      },
    },
    mapError({ status }) {
      if (status === 429 && has('takes_a_limit_for_final')) return { code: 'provider_rejected', message: 'Too many.', retryable: false };
      if (status === 500 && has('takes_500_for_nothing_done'))
        return { code: 'provider_error', message: 'Broken.', retryable: true, sent: 'no' };
      return undefined;
    },
    async healthCheck({ http }) {
      if (has('is_healthy_whatever_comes')) {
        await http.get(path`/me`, { response: z.unknown() }).catch(() => undefined);
        return { healthy: true, account: { id: '1', name: 'me' } };
      }
      const { id, name } = await http.get(path`/me`, { response: z.object({ id: z.string(), name: z.string() }) });
      return has('names_no_account') ? { healthy: true } : { healthy: true, account: { id, name } };
    },
  });
}

async function startService(): Promise<FakeProvider> {
  const things: { id: number; name: string; ref: string | null }[] = [];
  const guarded =
    (handler: ProviderHandler): ProviderHandler =>
    (request) =>
      request.headers['authorization'] === `Bearer ${token}` ? handler(request) : { status: 401, json: {} };
  const given = z.object({ name: z.string(), ref: z.string().optional(), strict: z.boolean().optional() });
  return await startFakeProvider({
    idempotencyKeyOf: ({ json }) => given.safeParse(json).data?.ref,
    routes: {
      'GET /me': guarded(() => ({ json: { id: '1', name: 'me' } })),
      'GET /things': guarded(() => ({ json: things.map(({ ref, ...rest }) => (ref === null ? rest : { ...rest, ref })) })),
      'POST /things': guarded(({ json }) => {
        const { name, ref = null } = given.parse(json);
        things.push({ id: things.length + 1, name, ref });
        return { status: 201, json: { id: things.length, name }, effect: true };
      }),
      'PUT /things/:id/name': guarded(({ json }) => {
        const { name, strict } = given.parse(json);
        if (strict && things.some((one) => one.name === name)) return { status: 409, json: {} };
        things.push({ id: things.length + 1, name, ref: null });
        return { status: 204, effect: true };
      }),
    },
  });
}

/** The sample, sound or with one defect. */
export function sampleSubject(defect?: Defect): ConnectorSubject {
  const body = JSON.stringify({ id: 'd1', name: 'A thing', colour: 'red' });
  return {
    create: (origin) => createSample(origin, (one) => one === defect),
    startProvider: startService,
    credential: { type: 'bearer', token },
    wrongCredential: { type: 'bearer', token: 'another-token' },
    actions: [
      { name: 'create_thing', input: () => ({ name: 'A thing' }) },
      { name: 'rename_thing', input: () => ({ id: 1, name: 'Another' }) },
    ],
    deliveries: [
      {
        title: 'thing',
        trigger: 'thing.created',
        make: ({ secret, timestamp }) => ({ body, headers: signWebhook(scheme, { secret, body, timestamp }) }),
      },
    ],
  };
}
