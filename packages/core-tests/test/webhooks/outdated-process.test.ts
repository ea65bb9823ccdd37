import type { Row } from '@patchbay/core/adapter';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bellConnector } from './bell-connector.ts';
import { type BellProcess, type BellStage, bellStage, eventsOf, ring, secret, settle } from './bell-stage.ts';

let stage: BellStage;
/** Where things are changed. */
let office: BellProcess;
/** Where deliveries come in; it learns of a change only from the store. */
let door: BellProcess;

beforeEach(() => {
  stage = bellStage();
  office = stage.process();
  door = stage.process();
});
afterEach(() => stage.close());

/** A registration that the door has used, so that it is in its memory. */
async function used() {
  const settled = await settle(office);
  expect((await door.send(settled.registration.url, ring())).status).toBe(202);
  return settled;
}

const next = 'the-next-secret';

/** Takes secrets off a registration as an operator would, in the store alone. */
async function keepSecrets(
  id: string,
  keep: (secrets: Row<'registration'>['value']['secrets']) => Row<'registration'>['value']['secrets'],
) {
  const { configuration } = stage.storage;
  const row = await configuration.get('acme', 'registration', id);
  if (!row) throw new Error('no registration');
  const value = { ...row.value, secrets: keep(row.value.secrets) };
  await configuration.write('acme', [{ put: 'registration', id, name: row.name, expect: row.version, value }]);
}

describe('what has been taken away elsewhere', () => {
  const takings: readonly [string, (at: Awaited<ReturnType<typeof used>>) => Promise<unknown>][] = [
    ['the registration', ({ handle, registration }) => handle.webhooks.unregister(registration.id)],
    ['the connection', ({ handle }) => handle.connections.disconnect('main')],
    ['the secret', ({ registration }) => keepSecrets(registration.id, () => [])],
    [
      'the secret, and another took its place',
      async ({ handle, registration }) => {
        await handle.webhooks.register({ connection: 'main', secret: next });
        await keepSecrets(registration.id, (secrets) => secrets.slice(0, 1));
      },
    ],
  ];

  it.each(takings)('holds for every event committed afterwards: %s', async (_what, take) => {
    const settled = await used();
    await take(settled);
    const answers = await Promise.all(Array.from({ length: 50 }, () => door.send(settled.registration.url, ring())));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(['401 refused']));
    expect(await eventsOf(office)).toHaveLength(1);
    expect(door.received).toHaveLength(1);
  });

  it.each(takings)('holds also for a delivery that was verified a moment before: %s', async (_what, take) => {
    const settled = await used();
    let taken: Promise<unknown> | undefined;
    const late = stage.process({
      storage: {
        ...stage.storage,
        // The change comes between the check of the signature and the commit.
        async ingest(items) {
          taken ??= take(settled);
          await taken;
          return stage.storage.ingest(items);
        },
      },
    });
    expect((await late.send(settled.registration.url, ring())).status).toBe(401);
    expect(await eventsOf(office)).toHaveLength(1);
    expect(late.failed).toMatchObject([{ error: { code: 'signature_refused' } }]);
  });

  it.each(takings)('holds also for what cannot become an event: none of it is kept: %s', async (_what, take) => {
    const settled = await used();
    await take(settled);
    expect(await door.send(settled.registration.url, ring({ body: { tone: 7 } }))).toMatchObject({ status: 401, text: 'refused' });
    expect((await office.hub.tenant('acme').webhooks.kept.list()).items).toEqual([]);
  });
});

describe('what has been given elsewhere', () => {
  it('a registration of a moment ago is known', async () => {
    await used();
    // The door has looked at the tenant within this very second and found nothing.
    const handle = office.hub.tenant('acme');
    const registration = await handle.webhooks.register({ connection: 'main', secret, trigger: 'rung' });
    expect((await door.send(registration.url, ring())).status).toBe(202);
  });

  it('a new secret holds at once, beside the one before for 24 hours, and alone then', async () => {
    const { handle, registration } = await used();
    expect((await door.send(registration.url, ring({ secret: next }))).status).toBe(401);
    await handle.webhooks.register({ connection: 'main', secret: next });
    expect((await door.send(registration.url, ring({ secret: next }))).status).toBe(202);
    expect((await door.send(registration.url, ring())).status).toBe(202);
    await stage.clock.advance(86_399_999);
    expect((await door.send(registration.url, ring())).status).toBe(202);
    await stage.clock.advance(1);
    expect((await door.send(registration.url, ring())).status).toBe(401);
    expect((await door.send(registration.url, ring({ secret: next }))).status).toBe(202);
  });

  it('a connection that is put again receives again', async () => {
    const { handle, registration } = await used();
    await handle.connections.disconnect('main');
    expect((await door.send(registration.url, ring())).status).toBe(401);
    await handle.connections.put('main', { connector: 'bell', credential: { type: 'none' } });
    expect((await door.send(registration.url, ring())).status).toBe(202);
  });

  it('rubbish does not make the door ask the store without end', async () => {
    const { registration } = await used();
    let asked = 0;
    const { configuration } = stage.storage;
    const revision: typeof configuration.revision = (tenant) => {
      asked += 1;
      return configuration.revision(tenant);
    };
    const counted = stage.process({ storage: { ...stage.storage, configuration: { ...configuration, revision } } });
    for (let times = 0; times < 200; times += 1) await counted.send(registration.url, ring({ secret: 'another-secret' }));
    expect(asked).toBe(10);
    expect((await counted.send(registration.url, ring())).status).toBe(202);
  });
});

describe('a configuration that does not stand still', () => {
  /** A store in which the tenant changes before every commit. */
  const restless = (changes: () => Promise<unknown>) => ({
    ...stage.storage,
    async ingest(items: Parameters<typeof stage.storage.ingest>[0]) {
      await changes();
      return stage.storage.ingest(items);
    },
  });

  it('is read again until it holds', async () => {
    const { handle, registration } = await used();
    let left = 5;
    const storage = restless(async () => {
      left -= 1;
      if (left > 0) await handle.connections.put(`c${left}`, { connector: 'bell', credential: { type: 'none' } });
    });
    expect((await stage.process({ storage }).send(registration.url, ring())).status).toBe(202);
    expect(await eventsOf(office)).toHaveLength(2);
  });

  it('lets nothing in that it could not be compared with: the service is asked to send again', async () => {
    const { handle, registration } = await used();
    let number = 0;
    const storage = restless(async () => {
      number += 1;
      await handle.connections.put(`c${number}`, { connector: 'bell', credential: { type: 'none' } });
    });
    const answer = await stage.process({ storage }).send(registration.url, ring());
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(await eventsOf(office)).toHaveLength(1);
  });
});

it('a key service that is away makes nobody refuse for good, and a destroyed key makes nothing known', async () => {
  const { registration } = await settle(office);
  const { configuration } = stage.storage;
  let fault: 'away' | 'none' = 'away';
  const snapshot: typeof configuration.snapshot = configuration.snapshot;
  const list: typeof configuration.list = (tenant, kind, page) => {
    if (kind === 'tenant_key' && fault === 'away') return Promise.reject(new Error('no route to the store'));
    return configuration.list(tenant, kind, page);
  };
  const own = stage.process({ storage: { ...stage.storage, configuration: { ...configuration, snapshot, list } } });
  expect((await own.send(registration.url, ring())).status).toBe(503);
  fault = 'none';
  expect((await own.send(registration.url, ring())).status).toBe(202);
  const broken = stage.process();
  await keepSecrets(registration.id, (secrets) => secrets.map((each) => ({ ...each, sealed: `${each.sealed.slice(0, -8)}AAAAAAA=` })));
  expect(await broken.send(registration.url, ring())).toMatchObject({ status: 401, text: 'refused' });
});

it('a registration of another connector is not this one', async () => {
  const { registration } = await settle(office);
  await keepSecrets(registration.id, (secrets) => secrets);
  const { configuration } = stage.storage;
  const row = await configuration.get('acme', 'registration', registration.id);
  if (!row) throw new Error('no registration');
  const value = { ...row.value, connector: 'gong' };
  await configuration.write('acme', [{ put: 'registration', id: row.id, name: row.name, expect: row.version, value }]);
  expect((await stage.process({ connector: bellConnector() }).send(registration.url, ring())).status).toBe(401);
});
