import { expect, it } from 'vitest';
import type { StateStore, StateWrite } from '../../contracts/state-store.ts';
import { coalesceWrites } from './coalesce-writes.ts';

const clock = { nextTurn: (callback: () => void) => void setImmediate(callback), setTimer: () => ({ cancel: () => undefined }) };

const write = (name: string): StateWrite => ({ tenant: 'acme', name, expect: 'absent', value: 1 });

function recording() {
  const sent: string[][] = [];
  const states: StateStore = {
    async write(items) {
      sent.push(items.map(({ name }) => name));
      return items.map(({ name }) => ({ status: name === 'taken' ? 'conflict' : 'written' }));
    },
    read: async () => null,
    list: async () => ({ entries: [], cursor: null }),
  };
  return { sent, states: coalesceWrites(states, clock) };
}

it('writes in one go what several limits write at once, and gives each its own verdict', async () => {
  const { sent, states } = recording();
  const verdicts = await Promise.all(['one', 'taken', 'other'].map((name) => states.write([write(name)])));
  expect(sent).toEqual([['one', 'taken', 'other']]);
  expect(verdicts).toEqual([[{ status: 'written' }], [{ status: 'conflict' }], [{ status: 'written' }]]);
});

it('holds up no later write behind one that has been answered', async () => {
  const { sent, states } = recording();
  await states.write([write('one')]);
  await states.write([write('two')]);
  expect(sent).toEqual([['one'], ['two']]);
});
