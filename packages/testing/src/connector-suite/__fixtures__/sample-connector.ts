import { type Connector, type Credential, defineAction, defineConnector, defineTrigger, path, timestampedHmacSha256 } from '@patchbay/core';
import { z } from 'zod';
import { signWebhook } from '../../providers/sign-webhook.ts';
import type { ConnectorSubject } from '../connector-subject.ts';
import { keyHeader, type SampleService, startSampleService, token, type Way } from './sample-service.ts';

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
  'repeats_its_creation',
  'repeats_its_creation_unseen',
  'repeats_and_says_nothing',
  'sends_no_key',
  'reads_without_end',
  'goes_past_the_gateway',
  'names_no_documentation',
  'forgets_a_resource',
  'names_a_resource_elsewhere',
  'reads_a_resource_elsewhere',
  'forgets_the_cursor',
  'looks_without_end',
] as const;

export type Defect = (typeof defects)[number];

type Has = (defect: Defect) => boolean;

const thing = z.object({ id: z.number(), name: z.string(), ref: z.string().optional() });
const scheme = timestampedHmacSha256({ header: 'x-signature', timestampHeader: 'x-time', version: 'v1' });

const createThing = (has: Has, origin: string) =>
  defineAction({
    title: 'Create thing',
    description: 'Creates a thing.',
    idempotency: 'reconcilable',
    settlesWithin: 1_000,
    scopes: ['things:write'],
    resources: { thing: 'untouched' },
    input: has('accepts_any_input') ? z.looseObject({ name: z.string() }) : z.strictObject({ name: z.string() }),
    output: z.object({ id: z.number() }),
    async run({ input, http, key }) {
      // The mistake is the global fetch: a connector has no way out but http.
      if (has('goes_past_the_gateway')) await fetch(`${origin}/me`);
      const json = { name: input.name, ...(has('forgets_the_key') ? {} : { ref: key.value }) };
      const { id } = await http.post(path`/things`, { json, response: thing });
      const again = key.child('again');
      if (has('creates_twice')) await http.post(path`/things`, { json: { ...json, ref: again.value }, response: thing, key: again });
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

const renameThing = (has: Has) =>
  defineAction({
    title: 'Rename thing',
    description: 'Renames a thing.',
    idempotency: 'idempotent',
    resources: { thing: [{ fields: [has('names_a_resource_elsewhere') ? 'name' : 'id'] }] },
    input: z.strictObject({ id: z.number(), name: z.string() }),
    output: z.object({ id: z.number().optional() }),
    async run({ input: { id, name }, http }) {
      if (has('repeats_its_creation') || has('repeats_its_creation_unseen') || has('repeats_and_says_nothing')) {
        const made = await http.post(path`/things`, { json: { name }, response: thing });
        return has('repeats_and_says_nothing') ? {} : { id: made.id };
      }
      await http.put(path`/things/${id}/name`, { json: { name, strict: has('refuses_a_repeat') }, response: z.unknown() });
      return {};
    },
  });

const orderThing = (has: Has) =>
  defineAction({
    title: 'Order thing',
    description: 'Orders a thing; the service knows an order by its key.',
    idempotency: 'keyed',
    keyLifetime: 86_400_000,
    ...(has('forgets_a_resource') ? {} : { resources: { thing: 'untouched' } }),
    input: z.strictObject({ name: z.string() }),
    output: z.object({ id: z.number() }),
    run: ({ input: json, http, key }) =>
      http.post(path`/orders`, { json, headers: has('sends_no_key') ? {} : { [keyHeader]: key.value }, response: thing }),
  });

const page = z.object({ items: z.array(thing), next: z.number().optional() });

const thingSeen = (has: Has) =>
  defineTrigger({
    title: 'Thing seen',
    description: 'A thing is there that was not there before.',
    kind: 'created',
    delivery: 'polling',
    resources: { thing: [{ fields: ['id'] }] },
    payload: z.object({ id: z.number(), name: z.string() }),
    polling: {
      intervalMs: 60_000,
      async poll({ cursor, http }) {
        const after = typeof cursor === 'number' && !has('forgets_the_cursor') ? cursor : 0;
        const things = (await http.get(path`/things`, { response: z.array(thing) })).filter(({ id }) => id > after);
        const events = things.map(({ id, name }) => ({ id: String(id), data: { id, name } }));
        return { events, cursor: things.at(-1)?.id ?? after, more: has('looks_without_end') };
      },
    },
  });

const listThings = (has: Has) =>
  defineAction({
    title: 'List things',
    description: 'Lists all things.',
    idempotency: 'read',
    paginated: true,
    resources: { thing: 'any' },
    input: z.strictObject({}),
    output: z.object({ names: z.array(z.string()) }),
    async run({ http }) {
      const names: string[] = [];
      if (has('reads_without_end')) {
        for (let next: number | undefined = 1; next !== undefined; ) {
          const read: z.output<typeof page> = await http.get(path`/pages`, { query: { page: next }, response: page });
          names.push(...read.items.map(({ name }) => name));
          next = read.next;
        }
        return { names };
      }
      const things = http.pages(path`/pages`, {
        response: page,
        items: ({ items }) => items,
        next: ({ next }) => (next === undefined ? undefined : { page: next }),
      });
      for await (const { name } of things) names.push(name);
      return { names };
    },
  });

const auth = {
  bearer: { type: 'bearer' },
  header: { type: 'api_key', in: 'header', name: 'X-Sample-Token' },
  query: { type: 'api_key', in: 'query', name: 'sample_token' },
  cookie: { type: 'api_key', in: 'cookie', name: 'sample_session' },
  headers: { type: 'headers', names: ['X-Sample-Id', 'X-Sample-Token'] },
} as const;

function createSample({ origin, has, way }: { readonly origin: string; readonly has: Has; readonly way: Way }): Connector {
  const payload = z.object({ id: z.string(), name: z.string(), owner: z.string().optional() });
  return defineConnector({
    id: 'sample',
    name: 'Sample',
    description: 'A service of things.',
    ...(has('names_no_documentation') ? {} : { docsUrl: 'https://example.com/' }),
    version: '1.0.0',
    category: 'custom',
    auth: [auth[way]],
    origin,
    headers: { [keyHeader]: '' },
    resources: { thing: { title: 'Thing', example: '17', pattern: '[a-z0-9]+' } },
    actions: {
      create_thing: createThing(has, origin),
      rename_thing: renameThing(has),
      order_thing: orderThing(has),
      list_things: listThings(has),
    },
    triggers: {
      'thing.created': defineTrigger({
        title: 'Thing created',
        description: 'A thing was created.',
        kind: 'created',
        delivery: 'webhook',
        resources: { thing: [{ fields: [has('reads_a_resource_elsewhere') ? 'owner' : 'id'] }] },
        payload: has('shuts_its_payload') ? payload.strict() : payload.loose(),
      }),
      'thing.seen': thingSeen(has),
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

const credentialOf = (way: Way, secret: string): Credential => {
  if (way === 'bearer') return { type: 'bearer', token: secret };
  return way === 'headers'
    ? { type: 'headers', values: { 'X-Sample-Id': 'sample-app', 'X-Sample-Token': secret } }
    : { type: 'api_key', key: secret };
};

/** Defects of a subject that does not show what its service holds. */
const unseen: ReadonlySet<Defect | undefined> = new Set<Defect>(['repeats_its_creation_unseen', 'repeats_and_says_nothing']);

/** The sample, sound or with one defect. */
export function sampleSubject(defect?: Defect, way: Way = 'bearer'): ConnectorSubject<SampleService> {
  const body = JSON.stringify({ id: 'd1', name: 'A thing', colour: 'red' });
  return {
    create: (origin) => createSample({ origin, has: (one) => one === defect, way }),
    startProvider: () => startSampleService(way),
    credential: credentialOf(way, token),
    wrongCredential: credentialOf(way, 'another-token'),
    ...(unseen.has(defect) ? {} : { state: (service: SampleService) => service.holdings() }),
    actions: [
      { name: 'create_thing', input: () => ({ name: 'A thing' }) },
      { name: 'rename_thing', input: () => ({ id: 1, name: 'Another' }) },
      { name: 'order_thing', input: () => ({ name: 'A thing' }) },
      {
        name: 'list_things',
        input: () => ({}),
        pages: { make: (number) => ({ json: { items: [{ id: number, name: `Thing ${number}` }], next: number + 1 } }) },
      },
    ],
    polls: [{ trigger: 'thing.seen', happen: (service) => service.add('A thing of somebody else') }],
    deliveries: [
      {
        title: 'thing',
        trigger: 'thing.created',
        make: ({ secret, timestamp }) => ({ body, headers: signWebhook(scheme, { secret, body, timestamp }) }),
      },
    ],
  };
}
