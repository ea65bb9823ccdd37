import { describe, expect, it } from 'vitest';
import type { Held } from '../contracts/held.ts';
import { recordingStore } from './__fixtures__/recording-store.ts';
import { createStrayWatch, leaseName } from './stray-watch.ts';

const lease = (handle: string, fence = 1): Held => ({ tenant: 'acme', handle, fence });

function setting(held: readonly string[] = []) {
  const store = recordingStore();
  const strays = createStrayWatch({ store, isHeld: (name) => held.includes(name) });
  return { store, strays };
}

describe('a stray watch', () => {
  it('tells two leases of one dispatch apart', async () => {
    const { strays, store } = setting(['d1:2']);
    await strays.look([lease('d1', 1), lease('d1', 2)]);
    await strays.look([lease('d1', 1), lease('d1', 2)]);
    expect(store.deferred.map(leaseName)).toEqual(['d1:1']);
  });

  it('gives back only what it has seen at the look before', async () => {
    const { strays, store } = setting();
    await strays.look([lease('d1')]);
    await strays.look([lease('d2')]);
    await strays.look([lease('d1')]);
    expect(store.deferred).toEqual([]);
  });

  it('looks again after it has failed to give one back', async () => {
    let refusals = 1;
    const store = recordingStore({
      defer: async (items) => {
        refusals -= 1;
        if (refusals >= 0) throw new Error('read ECONNRESET');
        store.deferred.push(...items);
        return items.map(() => ({ status: 'done' }));
      },
    });
    const strays = createStrayWatch({ store, isHeld: () => false });
    await strays.look([lease('d1')]);
    await expect(strays.look([lease('d1')])).rejects.toThrow('ECONNRESET');
    expect(strays.suspected).toBe(true);
    await strays.look([lease('d1')]);
    expect(store.deferred.map(leaseName)).toEqual(['d1:1']);
  });

  it('is suspicious as long as there are strays, and three looks longer', async () => {
    const { strays } = setting();
    expect(strays.suspected).toBe(false);
    await strays.look([lease('d1')]);
    for (const suspected of [true, true, false]) {
      await strays.look([]);
      expect(strays.suspected).toBe(suspected);
    }
  });

  it('remembers a thousand leases that went back, and each until its answer comes', async () => {
    const { strays } = setting();
    await strays.giveBack(Array.from({ length: 1_001 }, (_, index) => lease(`d${index}`)));
    expect(strays.wasGivenBack(lease('d0'))).toBe(false);
    expect(strays.wasGivenBack(lease('d1000'))).toBe(true);
    expect(strays.wasGivenBack(lease('d1000'))).toBe(false);
  });
});
