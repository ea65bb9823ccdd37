import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HealthProcess, type HealthStage, healthStage } from './health-stage.ts';

let stage: HealthStage;
let one: HealthProcess;
let two: HealthProcess;

const quiet = { health: { checkEveryMs: null } };

beforeEach(async () => {
  stage = await healthStage();
  one = stage.process(quiet);
  two = stage.process(quiet);
  await one.acme.connections.put('main', { connector: 'depot', credential: { type: 'bearer', token: 'a-token' } });
});
afterEach(() => stage.close());

/** Writes of a connection's health, as the store sees them. */
function watchWrites(): readonly string[] {
  const names: string[] = [];
  const { states } = stage.storage;
  const write = states.write.bind(states);
  states.write = async (items) => {
    names.push(...items.map(({ name }) => name).filter((name) => name.startsWith('connection-health:')));
    return write(items);
  };
  return names;
}

describe('what is seen of a connection', () => {
  it('is shared by all processes, whichever of them is asked', async () => {
    for (let call = 0; call < 5; call += 1) await Promise.all([one.get(), two.get()]);
    stage.said.status = 503;
    await stage.clock.advance(1);
    await two.get();
    await stage.clock.advance(20_000);
    const { calls, lastSuccessAt, lastFailure, score } = await one.acme.connections.health('main');
    expect(calls).toMatchObject({ succeeded: expect.closeTo(10, 0), provider_down: expect.closeTo(1, 0) });
    expect([lastSuccessAt, lastFailure]).toEqual([
      stage.clock.now() - 20_001,
      { at: stage.clock.now() - 20_000, code: 'provider_unavailable' },
    ]);
    expect(score).toBeLessThan(100);
    expect((await two.acme.connections.health('main')).score).toBe(score);
  });

  it('is written at most once a second, and not at all for a connection that nobody uses', async () => {
    await stage.clock.advance(60_000);
    const writes = watchWrites();
    await stage.clock.advance(3_600_000);
    expect(writes).toHaveLength(0);
    // What is wrong of the call opens no breaker.
    stage.said.status = 404;
    for (let second = 0; second < 5; second += 1) {
      for (let call = 0; call < 10; call += 1) await one.get();
      await stage.clock.advance(1_000);
    }
    expect(writes.length).toBeGreaterThanOrEqual(4);
    expect(writes.length).toBeLessThanOrEqual(5);
    const before = writes.length;
    stage.said.status = 200;
    for (let call = 0; call < 10; call += 1) await one.get();
    await stage.clock.advance(9_999);
    expect(writes).toHaveLength(before);
    await stage.clock.advance(1);
    expect(writes).toHaveLength(before + 1);
  });

  it('counts no look of the hub, and no call that was refused before it was sent', async () => {
    await one.acme.connections.test('main');
    await one.acme.connections.pause('main');
    await expect(one.get()).rejects.toMatchObject({ code: 'connection_paused' });
    expect(await one.acme.connections.health('main')).toMatchObject({ calls: {}, lastSuccessAt: null, lastFailure: null });
  });

  it('is told once where a connection gets worse, and once where it is well again, over all processes', async () => {
    for (let call = 0; call < 20; call += 1) await one.get();
    stage.said.status = 503;
    for (let call = 0; call < 40; call += 1) await (call % 2 === 0 ? one : two).get().catch(() => undefined);
    await stage.clock.advance(2_000);
    stage.said.status = 200;
    for (let hour = 0; hour < 3; hour += 1) {
      await stage.clock.advance(3_600_000);
      await one.get();
    }
    await stage.clock.advance(20_000);
    const told = [one, two]
      .flatMap(({ noticesOf }) => noticesOf('connection.health_changed'))
      .toSorted((left, right) => left.at - right.at);
    expect(told.map(({ from, to }) => [from, to])).toEqual([
      ['good', 'degraded'],
      ['degraded', 'good'],
    ]);
    expect(JSON.stringify(told)).not.toContain('a-token');
  });

  it('keeps what was seen while the store is away for no longer than that, and goes on', async () => {
    const { states } = stage.storage;
    const write = states.write.bind(states);
    states.write = async () => {
      throw new Error('The store is away.');
    };
    await one.get();
    await stage.clock.advance(20_000);
    states.write = write;
    await one.get();
    expect((await one.acme.connections.health('main')).calls).toEqual({ succeeded: 1 });
  });

  it('is forgotten with a connection that ends', async () => {
    await one.get();
    const { id } = await one.acme.connections.get('main');
    await stage.clock.advance(20_000);
    const kept = () => stage.storage.states.read('acme', `connection-health:${id}`);
    expect(await kept()).not.toBeNull();
    await one.acme.connections.disconnect('main');
    await stage.clock.advance(20_000);
    expect(await kept()).toBeNull();
    expect(await one.acme.connections.health('main')).toMatchObject({ status: 'disconnected', score: 0 });
  });

  it('shows the score of a connection whose credential is refused as 0', async () => {
    await one.get();
    stage.said.status = 401;
    await one.acme.connections.test('main');
    expect(await two.acme.connections.health('main')).toMatchObject({
      status: 'token_invalid',
      statusReason: 'refused',
      score: 0,
      level: 'poor',
    });
  });
});
