import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BreakerProcess, type BreakerStage, breakerStage } from './breaker-stage.ts';

let stage: BreakerStage;
let first: BreakerProcess;
let second: BreakerProcess;

beforeEach(() => {
  stage = breakerStage();
  [first, second] = [stage.process(), stage.process()];
});
afterEach(() => stage.close());

const second1 = 1_000;
const gates = async () => (await stage.storage.gates.list('acme')).map(({ reason, until }) => [reason, (until ?? 0) - stage.clock.now()]);
const stored = async () => (await stage.storage.states.list('acme', 'breaker:', { cursor: null, limit: 10 })).entries;

async function fail(process: BreakerProcess, times = 10): Promise<number> {
  let sent = 0;
  for (let turn = 0; turn < times; turn += 1) sent += (await process.call('fails')) ? 1 : 0;
  return sent;
}

describe('the breaker over several processes', () => {
  it('opens after ten failures, and then nothing goes out', async () => {
    expect(await fail(first, 25)).toBe(10);
    expect(await gates()).toEqual([['breaker', 10 * second1]]);
    expect(await first.begin()).toBe(10 * second1);
    expect(stage.notices).toEqual([{ name: 'connection.breaker_opened', opens: 1 }]);
  });

  it('writes nothing while all is well, nor for refusals', async () => {
    for (let turn = 0; turn < 30; turn += 1) await first.call(turn % 2 === 0 ? 'works' : 'refuses');
    expect(await stored()).toEqual([]);
    expect(await gates()).toEqual([]);
  });

  it('is heard of by another process within five seconds', async () => {
    expect(await second.call('works')).toBe(true);
    await fail(first);
    await stage.clock.advance(5 * second1);
    expect(await second.call('works')).toBe(false);
  });

  it('is heard of at once by a process that fails itself', async () => {
    expect(await second.call('works')).toBe(true);
    await stage.clock.advance(second1);
    await fail(first);
    expect(await second.call('fails')).toBe(true);
    expect(await second.call('works')).toBe(false);
  });

  it('is known to a process that begins', async () => {
    await fail(first);
    expect(await stage.process().call('works')).toBe(false);
  });

  it('lets one call through over all processes when its time is over, and closes when that goes well', async () => {
    await fail(first);
    await stage.clock.advance(10 * second1);
    const begun = await Promise.all([first.begin(), second.begin(), first.begin(), stage.process().begin()]);
    const probes = begun.filter((end) => typeof end !== 'number');
    expect(probes).toHaveLength(1);
    expect(begun.filter((end) => end === second1)).toHaveLength(3);
    await probes[0]?.('works');
    expect(await gates()).toEqual([]);
    expect(await first.call('works')).toBe(true);
    await stage.clock.advance(5 * second1);
    expect(await second.call('works')).toBe(true);
    expect(stage.notices.map(({ name }) => name)).toEqual(['connection.breaker_opened', 'connection.breaker_closed']);
  });

  it('stays open twice as long after a probe that fails, up to the longest', async () => {
    await fail(first);
    const lengths: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const left = await first.begin();
      if (typeof left !== 'number') throw new Error('The breaker was closed.');
      lengths.push(left);
      await stage.clock.advance(left);
      expect(await second.call('fails')).toBe(true);
      await stage.clock.advance(second1);
    }
    expect(lengths).toEqual([10_000, 19_000, 39_000, 79_000, 79_000]);
    expect(stage.notices.map(({ opens }) => opens)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('loses only its lease with a probe that dies', async () => {
    await fail(first);
    await stage.clock.advance(10 * second1);
    expect(typeof (await second.begin())).toBe('function');
    second.die();
    await stage.clock.advance(39 * second1);
    expect(await first.begin()).toBe(second1);
    await stage.clock.advance(second1);
    expect(await first.call('works')).toBe(true);
    expect(await gates()).toEqual([]);
  });

  it.each(['another process', 'the same process'])(
    'waits for a probe that lasts for hours no longer than a minute: then %s finds out',
    async (who) => {
      await fail(first);
      await stage.clock.advance(10 * second1);
      const late = await second.begin(3_600 * second1);
      expect(await gates()).toEqual([['breaker', 70 * second1]]);
      await stage.clock.advance(69 * second1);
      const next = who === 'another process' ? first : second;
      expect(await next.begin()).toBe(second1);
      await stage.clock.advance(second1);
      const end = await next.begin();
      if (typeof end === 'number' || typeof late === 'number') throw new Error('There was no probe.');
      // There is one at a time, also when the one before comes back.
      await late('unsent');
      expect([await first.begin(), await second.begin()]).toEqual([second1, second1]);
      await end('works');
      expect(await gates()).toEqual([]);
      await stage.clock.advance(5 * second1);
      expect(await first.call('works')).toBe(true);
    },
  );

  it('is not opened again by a probe that fails when another has shown that the service works', async () => {
    await fail(first);
    await stage.clock.advance(10 * second1);
    const late = await second.begin();
    await stage.clock.advance(40 * second1);
    expect(await first.call('works')).toBe(true);
    if (typeof late === 'number') throw new Error('There was no probe.');
    await late('fails');
    expect(await gates()).toEqual([]);
    expect(await first.call('works')).toBe(true);
  });

  it('keeps its lane closed where a probe that shows nothing comes back after another has failed', async () => {
    await fail(first);
    await stage.clock.advance(10 * second1);
    const late = await second.begin();
    await stage.clock.advance(40 * second1);
    expect(await first.call('fails')).toBe(true);
    if (typeof late === 'number') throw new Error('There was no probe.');
    await late('unsent');
    expect(await gates()).toEqual([['breaker', 20 * second1]]);
  });

  it('learns nothing from a probe that was not sent, and lets the next call find out', async () => {
    await fail(first);
    await stage.clock.advance(10 * second1);
    const end = await first.begin();
    if (typeof end === 'number') throw new Error('There was no probe.');
    await end('unsent');
    expect(await gates()).toEqual([]);
    expect(await second.call('works')).toBe(true);
    expect(await first.call('works')).toBe(true);
  });

  it('takes a refusal of the service for a sign that it works', async () => {
    await fail(first);
    await stage.clock.advance(10 * second1);
    expect(await first.call('refuses')).toBe(true);
    expect(await gates()).toEqual([]);
  });

  it('is closed for all of them by a reset, and opens its lane', async () => {
    await second.call('works');
    await fail(first);
    await stage.clock.advance(5 * second1);
    expect(await second.call('works')).toBe(false);
    expect(await first.breakers.reset('acme', stage.connection)).toBe(1);
    expect(await stored()).toEqual([]);
    expect(await gates()).toEqual([]);
    expect(await first.call('works')).toBe(true);
    await stage.clock.advance(second1);
    // What it remembers of an open breaker it does not go by without looking, and it closes the lane no more.
    expect(await second.call('works')).toBe(true);
    expect(await gates()).toEqual([]);
    expect(stage.notices.at(-1)?.name).toBe('connection.breaker_closed');
  });

  it('closes the lane that a process which died after opening left open', async () => {
    await fail(first);
    await stage.storage.gates.open([{ tenant: 'acme', lane: 'connection:c1', reason: 'breaker' }]);
    expect(await second.call('works')).toBe(false);
    await second.breakers.flush();
    expect(await gates()).toEqual([['breaker', 10 * second1]]);
  });

  it('goes on counting where it opens again soon after it closed, and leaves nothing behind when it has worked for a while', async () => {
    await fail(first);
    await stage.clock.advance(10 * second1);
    await first.call('works');
    await fail(first);
    expect(stage.notices.at(-1)?.opens).toBe(2);
    await stage.clock.advance(20 * second1);
    await first.call('works');
    expect(await stored()).toHaveLength(1);
    await stage.clock.advance(601 * second1);
    await first.call('works');
    expect(await stored()).toEqual([]);
  });

  it('lets calls go where the store is away', async () => {
    const states = stage.storage.states;
    const list = states.list;
    Reflect.set(states, 'list', () => Promise.reject(new Error('away')));
    expect(await fail(stage.process(), 3)).toBe(3);
    Reflect.set(states, 'list', list);
  });
});
