import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HealthProcess, type HealthStage, healthStage, minute } from './health-stage.ts';

let stage: HealthStage;
let office: HealthProcess;

beforeEach(async () => {
  stage = await healthStage();
});
afterEach(() => stage.close());

const token = (name: string): string => `token-of-${name}`;

const connect = (name: string, { acme }: HealthProcess = office) =>
  acme.connections.put(name, { connector: 'depot', credential: { type: 'bearer', token: token(name) } });

/** Chances in an even order, the same on every run. */
function evenly(): () => number {
  let last = 0;
  return () => (last = (last + 0.618) % 1);
}

describe('the services of connections', () => {
  it('are looked at again and again without being asked, each at times of its own', async () => {
    office = stage.process({ random: evenly() });
    for (let each = 0; each < 12; each += 1) await connect(`c${each}`);
    await stage.pass(60 * minute, minute, office);
    for (let each = 0; each < 12; each += 1) {
      const looks = stage.looks(token(`c${each}`));
      expect(looks.length).toBeGreaterThanOrEqual(3);
      expect(looks.length).toBeLessThanOrEqual(5);
    }
    const first = Array.from({ length: 12 }, (_, each) => stage.looks(token(`c${each}`))[0]);
    expect(new Set(first).size).toBeGreaterThanOrEqual(8);
  });

  it('are looked at by one of several processes, however many begin at once', async () => {
    office = stage.process();
    const others = [stage.process(), stage.process()];
    await connect('main');
    await stage.pass(9 * minute, minute, office, ...others);
    expect(stage.looks()).toHaveLength(1);
    const history = await office.acme.connections.healthHistory('main');
    expect(history).toEqual({
      items: [{ healthy: true, message: 'ok', latencyMs: expect.any(Number), account: null, checkedAt: stage.looks()[0], by: 'hub' }],
      cursor: null,
    });
  });

  it('are not all looked at in the moment of a restart after a day, and each of them soon', async () => {
    office = stage.process({ random: evenly() });
    for (let each = 0; each < 10; each += 1) await connect(`c${each}`);
    await stage.pass(20 * minute, minute, office);
    await office.hub.stop();
    await stage.clock.advance(1_440 * minute);
    const before = stage.looks().length;
    office = stage.process({ random: evenly() });
    await stage.pass(minute, minute, office);
    expect(stage.looks()).toHaveLength(before);
    await stage.pass(17 * minute, minute, office);
    const looks = stage.looks().slice(before);
    expect(looks).toHaveLength(10);
    expect(new Set(looks).size).toBeGreaterThanOrEqual(6);
  });

  it('are looked at although turns come rarely, as by cron', async () => {
    office = stage.process();
    await connect('main');
    await stage.pass(180 * minute, 30 * minute, office);
    expect(stage.looks().length).toBeGreaterThanOrEqual(2);
  });

  it('are looked at less often where nobody has used the connection for a day', async () => {
    office = stage.process();
    await connect('main');
    await stage.clock.advance(1_440 * minute);
    await stage.pass(60 * minute, minute, office);
    const idle = stage.looks().length;
    await office.get();
    await stage.pass(60 * minute, minute, office);
    const used = stage.looks().length - idle;
    expect(idle).toBe(1);
    expect(used).toBeGreaterThanOrEqual(3);
  });

  it('are looked at within two minutes after a call has failed for the service itself, and not after one that was wrong', async () => {
    office = stage.process();
    await connect('main');
    await office.get();
    await stage.pass(9 * minute, minute, office);
    expect(stage.looks()).toHaveLength(1);
    stage.said.status = 404;
    await office.get();
    await stage.pass(2 * minute, minute, office);
    expect(stage.looks()).toHaveLength(1);
    stage.said.status = 503;
    await office.get();
    stage.said.status = 200;
    await stage.pass(2 * minute, minute, office);
    expect(stage.looks()).toHaveLength(2);
  });

  it('are left alone while the connection is paused, its breaker is open or it has ended', async () => {
    office = stage.process();
    await connect('paused');
    await connect('broken');
    await connect('ended');
    const broken = await office.acme.connections.get('broken');
    await office.acme.connections.pause('paused');
    await stage.storage.gates.close([{ tenant: 'acme', lane: `connection:${broken.id}`, reason: 'breaker', forMs: null }]);
    await office.acme.connections.disconnect('ended');
    await stage.pass(30 * minute, minute, office);
    expect(stage.looks()).toEqual([]);
    await office.acme.connections.resume('paused');
    await stage.pass(30 * minute, minute, office);
    expect(stage.looks(token('paused')).length).toBeGreaterThanOrEqual(1);
    expect(stage.looks(token('broken'))).toEqual([]);
  });

  it('of a tenant that cannot be read keep those of no other back', async () => {
    office = stage.process();
    await connect('main');
    const credential = { type: 'bearer', token: 'of-beta' } as const;
    await office.hub.tenant('beta').connections.put('main', { connector: 'depot', credential });
    const { configuration } = stage.storage;
    const list = configuration.list.bind(configuration);
    configuration.list = async (tenant, kind, page) => {
      if (tenant === 'acme') throw new Error('The store is away.');
      return list(tenant, kind, page);
    };
    await stage.pass(9 * minute, minute, office);
    expect(stage.looks('of-beta')).toHaveLength(1);
    expect(stage.looks(token('main'))).toHaveLength(0);
  });

  it('are not looked at where the host wants none', async () => {
    office = stage.process({ health: { checkEveryMs: null } });
    await connect('main');
    await stage.pass(60 * minute, minute, office);
    expect(stage.looks()).toEqual([]);
    expect(await office.acme.connections.health('main')).toMatchObject({ score: 100, level: 'good', lastCheck: null, nextCheckAt: null });
  });

  it('raise no revision of the configuration as long as they show the same', async () => {
    office = stage.process();
    await connect('main');
    await stage.pass(10 * minute, minute, office);
    const revision = async () => (await stage.storage.configuration.revision('acme')).tenant;
    const before = await revision();
    await office.get();
    await stage.pass(60 * minute, minute, office);
    expect(stage.looks().length).toBeGreaterThanOrEqual(3);
    expect(await revision()).toBe(before);
    const { lastCheck } = await office.acme.connections.health('main');
    expect(lastCheck?.at).toBe(stage.looks().at(-1));
  });
});

describe('an account that cannot be used', () => {
  it('is looked at again with longer and longer pauses, recovers by itself, and both are told', async () => {
    office = stage.process();
    await connect('main');
    stage.said.healthy = false;
    await stage.pass(9 * minute, minute, office);
    expect(await office.acme.connections.health('main')).toMatchObject({ status: 'error', score: 30, level: 'poor' });
    await stage.pass(60 * minute, minute, office);
    const looks = stage.looks();
    const pauses = looks.slice(1).map((at, index) => Math.round((at - (looks[index] ?? 0)) / minute));
    expect(pauses.slice(0, 4)).toEqual([2, 2, 4, 8]);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(15);
    stage.said.healthy = true;
    await stage.pass(18 * minute, minute, office);
    expect(await office.acme.connections.health('main')).toMatchObject({ status: 'active', score: 100, level: 'good' });
    expect(office.noticesOf('connection.status_changed').map(({ to, reason }) => [to, reason])).toEqual([
      ['error', 'unhealthy'],
      ['active', 'recovered'],
    ]);
    expect(office.noticesOf('connection.health_changed').map(({ from, to }) => [from, to])).toEqual([
      ['good', 'poor'],
      ['poor', 'good'],
    ]);
  });
});

describe('the history of looks', () => {
  it('is paged, narrowed, and taken away after its days', async () => {
    office = stage.process({ health: { checkEveryMs: null, historyDays: 2 } });
    await connect('main');
    for (const healthy of [true, false, true]) {
      stage.said.healthy = healthy;
      await office.acme.connections.test('main');
      await stage.clock.advance(1_000);
    }
    const { connections } = office.acme;
    await connect('other');
    await connections.test('other');
    const all = await connections.healthHistory('main');
    expect(all.items.map(({ healthy, by }) => [healthy, by])).toEqual([
      [true, 'host'],
      [false, 'host'],
      [true, 'host'],
    ]);
    const first = await connections.healthHistory('main', { limit: 2 });
    const second = await connections.healthHistory('main', { limit: 2, cursor: first.cursor });
    expect([...first.items, ...second.items]).toEqual(all.items);
    expect((await connections.healthHistory('main', { healthy: false })).items).toEqual([all.items[1]]);
    expect(
      (await connections.healthHistory('main', { from: all.items[1]?.checkedAt ?? 0, to: all.items[0]?.checkedAt ?? 0 })).items,
    ).toEqual([all.items[1]]);
    await stage.pass(47 * 60 * minute, 47 * 60 * minute, office);
    expect((await connections.healthHistory('main')).items).toHaveLength(3);
    await stage.pass(2 * 60 * minute, 2 * 60 * minute, office);
    expect((await connections.healthHistory('main')).items).toEqual([]);
  });
});
