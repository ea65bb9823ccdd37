import { memoryStorage } from '@patchbay/storage-memory';
import { fakeClock } from '@patchbay/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createEndpointHealth, type EndpointHealth, healthName } from '../../../core/src/webhooks/outbound/endpoint-health.ts';

const place = { tenant: 'acme', id: 'shop' };
const failure = { throttled: false };
let clock: ReturnType<typeof fakeClock>;
let storage: ReturnType<typeof memoryStorage>;
/** What the store does not do at this moment. */
let isAway: { readonly leases?: boolean; readonly gates?: boolean; readonly states?: boolean };

beforeEach(() => {
  clock = fakeClock();
  storage = memoryStorage({ clock });
  isAway = {};
});

const away = (): never => {
  throw new Error('The store is away.');
};

function process(holder: string): EndpointHealth {
  const { states, gates, leases } = storage;
  return createEndpointHealth({
    states: { ...states, write: async (items) => (isAway.states ? away() : states.write(items)) },
    gates: { ...gates, close: async (closings) => (isAway.gates ? away() : gates.close(closings)) },
    leases: { ...leases, acquire: async (request) => (isAway.leases ? away() : leases.acquire(request)) },
    clock,
    now: async () => clock.now(),
    holder,
  });
}

async function breakIt(health: EndpointHealth): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await health.failed(place, { trial: null }, failure);
}

describe('the trial of a broken endpoint', () => {
  it.each(['leases', 'gates'] as const)('is made later by the same process where the store was away as it began (%s)', async (part) => {
    const health = process('one');
    await breakIt(health);
    await clock.advance(30_000);
    isAway = { [part]: true };
    await expect(health.admit(place)).rejects.toThrow('The store is away.');
    isAway = {};
    await clock.advance(60_000);
    expect(await health.admit(place)).toMatchObject({ trial: { name: 'endpoint:shop:trial' } });
  });

  it.each(['succeeded', 'failed'] as const)('that has %s is followed by another where the store was away as it ended', async (verdict) => {
    const health = process('one');
    await breakIt(health);
    await clock.advance(30_000);
    const admission = await health.admit(place);
    if (typeof admission === 'number') throw new Error('It was not let in.');
    isAway = { states: true };
    await expect(health[verdict](place, admission, failure)).rejects.toThrow('The store is away.');
    isAway = {};
    await clock.advance(60_000);
    expect(await health.admit(place)).toMatchObject({ trial: { name: 'endpoint:shop:trial' } });
  });
});

describe('an endpoint that was enabled anew', () => {
  it('is not closed again by a process that remembers how it was before', async () => {
    const health = process('one');
    await breakIt(health);
    await storage.states.write([{ tenant: 'acme', name: healthName('shop'), expect: 'any', value: null }]);
    await storage.gates.open([{ tenant: 'acme', lane: 'endpoint:shop', reason: 'breaker' }]);
    expect(await health.admit(place)).toEqual({ trial: null });
    expect(await storage.gates.list('acme')).toEqual([]);
  });
});
