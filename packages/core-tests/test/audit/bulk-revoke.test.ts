import type { Storage } from '@patchbay/core/adapter';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, deskStage } from '../desk/desk-stage.ts';

// The nightly run ends as many as the promise names.
const connections = process.env['PATCHBAY_NIGHTLY'] === '1' ? 10_000 : 300;
const tenants = ['acme', 'globex', 'initech', 'umbrella', 'wayne', 'stark'];

let stage: DeskStage;
let office: DeskProcess;
let other: DeskProcess;

beforeEach(() => {
  stage = deskStage();
  office = stage.process();
  other = stage.process();
});
afterEach(() => stage.close());

const operator = ({ hub }: DeskProcess) => hub.operator({ actor: 'grace', reason: 'stolen tokens' });

const file = (process: DeskProcess, tenant: string, connection: string) =>
  process.hub.tenant(tenant).actions.execute('desk.file_ticket', { connection, input: { title: 'x' } });

it(`leaves none of ${connections} connections over several tenants with a credential, or with work that is done`, async () => {
  for (let index = 0; index < connections; index += 1) {
    const tenant = office.hub.tenant(tenants[index % tenants.length] ?? '');
    await tenant.connections.put(`c-${index}`, { connector: 'desk', credential: { type: 'bearer', token: `token-${index}` } });
    if (index % 10 === 0) await tenant.vault.put({ connection: `desk/c-${index}`, key: 'signing', value: 'a-secret' });
  }
  await office.hub.tenant('acme').connections.put('team', { connector: 'chat', credential: { type: 'bearer', token: 'chat-token' } });
  expect(await operator(office).tenants.disconnectAll({ connector: 'desk' })).toMatchObject({
    ...{ tenants: tenants.length, counts: { disconnected: connections }, failed: 0, done: true },
  });
  for (const tenant of tenants) {
    const { rows } = await stage.storage.configuration.snapshot(tenant, ['connection', 'credential']);
    const desk = (rows.connection ?? []).filter(({ value }) => value.connector === 'desk');
    expect(desk.every(({ value }) => value.status === 'disconnected')).toBe(true);
    expect(rows.credential ?? []).toHaveLength(tenant === 'acme' ? 1 : 0);
    const closed = new Set((await stage.storage.gates.list(tenant)).map(({ lane }) => lane));
    expect(desk.every(({ id }) => closed.has(`connection:${id}`))).toBe(true);
    const acts = await stage.storage.audit.page(tenant, { action: 'connection.disconnect' }, { cursor: null, limit: 500 });
    expect(acts.items.length).toBe(Math.min(500, desk.length));
  }
  expect(office.noticesOf('connection.disconnected')).toHaveLength(connections);
});

it('is seen by another process at once, which has the credential in memory', async () => {
  const acme = other.hub.tenant('acme');
  await connect(acme);
  await file(other, 'acme', 'main');
  await other.settled();
  expect(stage.desk.callsOf('file_ticket')).toHaveLength(1);
  await operator(office).tenants.disconnectAll({ connector: 'desk' });
  for (let time = 0; time < 20; time += 1) await file(other, 'acme', 'main');
  await other.settled();
  await expect(acme.connections.test('main')).resolves.toMatchObject({ healthy: false });
  expect(stage.desk.callsOf('file_ticket')).toHaveLength(1);
});

it('is seen by another process after a second, where the lanes could not be closed', async () => {
  const { gates } = stage.storage;
  const storage: Storage<never> = { ...stage.storage, gates: { ...gates, close: () => Promise.reject(new Error('away')) } };
  const broken = stage.process({ storage });
  await connect(other.hub.tenant('acme'));
  await file(other, 'acme', 'main');
  await other.settled(0);
  // Waits already, so that nothing has the other process look at the configuration anew.
  await file(office, 'acme', 'main');
  await expect(broken.hub.operator({ actor: 'grace', reason: 'stolen tokens' }).tenants.disconnectAll()).rejects.toThrow('away');
  await stage.clock.advance(1_000);
  await other.settled(0);
  expect(stage.desk.callsOf('file_ticket')).toHaveLength(1);
  // Called again, it does what was left.
  await operator(office).tenants.disconnectAll();
  expect((await operator(office).tenants.counts()).counts).toEqual({ connections: { disconnected: 2 }, gates: { connection: 2 } });
});

it('opens the lane of a connection that is put again while the others end', async () => {
  const { configuration } = stage.storage;
  const acme = other.hub.tenant('acme');
  await connect(acme);
  const abort = new AbortController();
  const storage: Storage<never> = {
    ...stage.storage,
    configuration: {
      ...configuration,
      async write(tenant, changes, options) {
        const verdict = await configuration.write(tenant, changes, options);
        await connect(acme);
        abort.abort();
        return verdict;
      },
    },
  };
  const busy = stage.process({ storage });
  await operator(busy).tenant('acme').disconnectAll({ connector: 'desk', signal: abort.signal });
  expect(await acme.connections.get('main')).toMatchObject({ status: 'active' });
  await file(other, 'acme', 'main');
  await other.settled();
  expect(stage.desk.callsOf('file_ticket')).toHaveLength(1);
});

it('ends those too that somebody changes at the same time', async () => {
  const { configuration } = stage.storage;
  const acme = other.hub.tenant('acme');
  for (let index = 0; index < 5; index += 1)
    await acme.connections.put(`c-${index}`, { connector: 'desk', credential: { type: 'bearer', token: `token-${index}` } });
  let changes = 0;
  const storage: Storage<never> = {
    ...stage.storage,
    configuration: {
      ...configuration,
      async write(tenant, wanted, options) {
        changes += 1;
        if (changes === 1) await acme.connections.update('desk/c-3', { owner: 'ada' });
        return configuration.write(tenant, wanted, options);
      },
    },
  };
  const busy = stage.process({ storage });
  expect(await operator(busy).tenant('acme').disconnectAll()).toBe(5);
  expect((await operator(office).tenants.counts()).counts.connections).toEqual({ disconnected: 5 });
});

it('records with each credential the connection that it belonged to', async () => {
  const acme = office.hub.tenant('acme');
  for (const name of ['one', 'two', 'three'])
    await acme.connections.put(name, { connector: 'desk', credential: { type: 'bearer', token: `token-${name}` } });
  await operator(office).tenant('acme').disconnectAll();
  const { items } = await acme.audit.list({ action: 'credential.delete' });
  const ids = (await acme.connections.list()).map(({ id }) => id);
  expect(items.map(({ connection }) => connection).toSorted()).toEqual(ids.toSorted());
});

it('leaves nothing that was said of a credential, as the end of one connection does', async () => {
  const acme = office.hub.tenant('acme');
  for (const name of ['one', 'many']) {
    const expiresAt = stage.clock.now() + 5 * 86_400_000;
    await acme.connections.put(name, { connector: 'desk', credential: { type: 'bearer', token: `token-${name}` }, expiresAt });
  }
  await acme.connections.disconnect('desk/one');
  await operator(office).tenant('acme').disconnectAll();
  const { rows } = await stage.storage.configuration.snapshot('acme', ['connection']);
  const [one, many] = ['one', 'many'].map((name) => rows.connection?.find(({ value }) => value.name === name)?.value);
  expect(Object.keys(many ?? {}).toSorted()).toEqual(Object.keys(one ?? {}).toSorted());
  expect(many).not.toHaveProperty('dueAt');
});

it('ends the others where one that was begun is gone meanwhile', async () => {
  const { configuration } = stage.storage;
  await connect(office.hub.tenant('acme'));
  const [row] = (await configuration.snapshot('acme', ['connection'])).rows.connection ?? [];
  if (row === undefined) throw new Error('There is no connection.');
  const value = { ...row.value, name: 'begun', status: 'initializing' as const, secretVersion: 0 };
  await configuration.write('acme', [{ put: 'connection', id: 'begun', name: 'desk/begun', expect: 'absent', value }]);
  const storage: Storage<never> = {
    ...stage.storage,
    configuration: {
      ...configuration,
      async write(tenant, changes, options) {
        await configuration.write(tenant, [{ delete: 'connection', id: 'begun', expect: 1 }]);
        return configuration.write(tenant, changes, options);
      },
    },
  };
  expect(await operator(stage.process({ storage })).tenant('acme').disconnectAll()).toBe(2);
  expect((await operator(office).tenants.counts()).counts.connections).toEqual({ disconnected: 2 });
});

it('opens the lane of one that was paused, ended and resumed, for when it is put again', async () => {
  const acme = office.hub.tenant('acme');
  await connect(acme);
  const operated = operator(office).tenant('acme');
  await operated.pauseAll({ connector: 'desk' });
  await operated.disconnectAll({ connector: 'desk' });
  await operated.resumeAll({ connector: 'desk' });
  await connect(acme);
  await file(office, 'acme', 'main');
  await office.settled();
  expect(stage.desk.callsOf('file_ticket')).toHaveLength(1);
});
