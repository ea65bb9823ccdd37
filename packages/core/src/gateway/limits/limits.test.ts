import { describe, expect, it } from 'vitest';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { createManualClock } from '../../net/__fixtures__/manual-clock.ts';
import { ending, eventually, limitStage } from './__fixtures__/limit-stage.ts';
import { WaitingLine } from './waiting-line.ts';

const github = (remaining: number, reset = 3_600, limit = 5_000) => ({
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset': String(reset),
});

/** Lets go on what needs no time. */
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

const tooMany = (retryAfterMs?: number, retryable = true) =>
  new PatchbayError({ code: 'rate_limited', message: 'x', retryable, sent: 'no', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

describe('a connection without known limits', () => {
  it('is asked of the store once, and nothing is written however many requests go', async () => {
    const { states, start, callOf, enter } = limitStage();
    const limits = start();
    await enter(limits, callOf());
    for (let time = 0; time < 1_000; time += 1) {
      const call = callOf();
      expect(limits.guard.admit(call)).toBeUndefined();
      limits.guard.ended(call, ending({}));
    }
    expect(states.counts).toEqual({ reads: 1, writes: 0, conflicts: 0 });
  });

  it('works while the store is away', async () => {
    const { states, start, callOf, enter } = limitStage();
    states.fail(true);
    expect(await enter(start(), callOf())).toBeUndefined();
  });
});

describe('a limit that answers tell', () => {
  it('lets requests pass at once, with a few writes for hundreds of them', async () => {
    const { states, start, callOf, enter } = limitStage();
    const limits = start();
    const first = callOf();
    await enter(limits, first);
    limits.guard.ended(first, ending(github(4_999)));
    let waited = 0;
    for (let time = 1; time < 400; time += 1) {
      const call = callOf();
      const admitted = limits.guard.admit(call);
      if (admitted !== undefined) waited += 1;
      await admitted;
      limits.guard.ended(call, ending(github(4_999 - time)));
    }
    expect(waited).toBeLessThan(8);
    expect(states.counts.writes).toBeLessThan(12);
  });

  it('costs a lone request now and then one write, and no second one to give back', async () => {
    const { clock, states, start, callOf, enter } = limitStage();
    const limits = start();
    for (let time = 0; time < 4; time += 1) {
      const call = callOf();
      await enter(limits, call);
      limits.guard.ended(call, ending(github(4_999 - time)));
      clock.advance(30_000);
      await turns();
    }
    expect(states.counts.writes).toBe(3);
  });

  it('refuses what would wait too long with the time, before it is sent, and opens when the window ends', async () => {
    const { clock, start, callOf, enter } = limitStage();
    const limits = start();
    const first = callOf();
    await enter(limits, first);
    limits.guard.ended(first, ending(github(0, 60)));
    expect(await enter(limits, callOf({ maximumWaitMs: 2_000 }))).toMatchObject({
      code: 'rate_limited',
      sent: 'no',
      retryable: true,
      retryAfterMs: 60_000,
    });
    await turns();
    clock.advance(60_001);
    expect(await enter(limits, callOf())).toBeUndefined();
  });

  it('is known to another process that has sent nothing yet', async () => {
    const { start, callOf, enter, states } = limitStage();
    const [one, two] = [start(), start()];
    const first = callOf();
    await enter(one, first);
    one.guard.ended(first, ending(github(0, 60)));
    await eventually(() => states.counts.writes > 0);
    expect(await enter(two, callOf())).toMatchObject({ code: 'rate_limited' });
  });

  it('gives back what a burst has left, so that others may have it', async () => {
    const { clock, states, start, callOf, enter } = limitStage();
    const limits = start();
    for (let time = 0; time < 60; time += 1) {
      const call = callOf();
      await enter(limits, call);
      limits.guard.ended(call, ending(github(999 - time, 3_600, 1_000)));
    }
    clock.advance(1_100);
    await eventually(() => JSON.stringify([...states.entries.values()]).includes('"remaining":940'));
  });

  it.each(['told', 'declared'])(
    'lets the next request go at once when a slice of a %s limit has been given back, and while it is',
    async (kind) => {
      const declared = { limits: [{ name: 'documented', requests: 1_000, windowMs: 3_600_000 }] };
      const { clock, states, start, callOf, enter } = limitStage(kind === 'declared' ? declared : {});
      const limits = start();
      for (let time = 0; time < 60; time += 1) {
        const call = callOf();
        await enter(limits, call);
        limits.guard.ended(call, ending(kind === 'told' ? github(999 - time, 3_600, 1_000) : {}));
      }
      const { writes } = states.counts;
      clock.advance(1_100);
      const meanwhile = callOf({ maximumWaitMs: 0 });
      expect(await enter(limits, meanwhile)).toBeUndefined();
      limits.guard.ended(meanwhile, ending({}));
      clock.advance(2_200);
      await eventually(() => states.counts.writes >= writes + 2);
      await turns();
      expect(await enter(limits, callOf({ maximumWaitMs: 0 }))).toBeUndefined();
    },
  );

  it('counts each kind of request by the limit that its answers name', async () => {
    const end = Date.UTC(2026, 0, 1, 1) / 1_000;
    const named = (name: string, remaining: number) => ({
      ...github(remaining, end),
      'x-ratelimit-resource': name,
      'x-ratelimit-used': '1',
    });
    const { rateLimits } = await import('./rate-limits.ts');
    const { start, callOf, enter } = limitStage({ rateLimit: rateLimits.known.github });
    const limits = start();
    const search = callOf({ template: '/search' });
    await enter(limits, search);
    limits.guard.ended(search, ending(named('search', 0)));
    const core = callOf({ template: '/repos' });
    // Not known yet: it is held against the first one.
    expect(await enter(limits, core)).toMatchObject({ code: 'rate_limited' });
    limits.guard.ended(core, ending(named('core', 4_000)));
    expect(await enter(limits, callOf({ template: '/repos' }))).toBeUndefined();
    expect(await enter(limits, callOf({ template: '/search' }))).toMatchObject({ code: 'rate_limited', details: { limit: 'search' } });
  });

  it('of something else than requests closes where nothing is left of it', async () => {
    const { rateLimits } = await import('./rate-limits.ts');
    const { clock, start, callOf, enter } = limitStage({ rateLimit: rateLimits.known.openai });
    const limits = start();
    const call = callOf();
    await enter(limits, call);
    const tokens = (left: string) => ({
      'x-ratelimit-limit-tokens': '1000',
      'x-ratelimit-remaining-tokens': left,
      'x-ratelimit-reset-tokens': '6s',
    });
    limits.guard.ended(call, ending(tokens('1')));
    expect(await enter(limits, callOf())).toBeUndefined();
    limits.guard.ended(call, ending(tokens('0')));
    expect(await enter(limits, callOf())).toMatchObject({ retryAfterMs: 6_000 });
    clock.advance(6_000);
    expect(await enter(limits, callOf())).toBeUndefined();
  });
});

describe('an answer that says to stop', () => {
  it('closes the connection in every process until then, and is written once', async () => {
    const { clock, states, start, callOf, enter, limited } = limitStage();
    const [one, two] = [start(), start()];
    const calls = [callOf(), callOf(), callOf()];
    for (const call of calls) await enter(one, call);
    for (const call of calls) one.guard.ended(call, ending({}, { status: 429, fault: tooMany(30_000) }));
    await eventually(() => states.counts.writes > 0);
    expect(await enter(two, callOf())).toMatchObject({ code: 'rate_limited', retryAfterMs: 30_000 });
    expect(states.counts.writes).toBe(1);
    expect(limited.filter(({ isWhole, waitMs }) => isWhole && waitMs === 30_000)).toHaveLength(2);
    clock.advance(30_000);
    expect(await enter(one, callOf())).toBeUndefined();
    expect(await enter(two, callOf())).toBeUndefined();
  });

  it('without a time is left alone for a while that grows, and is forgotten when it works again', async () => {
    const { clock, start, callOf, enter } = limitStage();
    const limits = start();
    const refuse = async (): Promise<number> => {
      const call = callOf();
      await enter(limits, call);
      limits.guard.ended(call, ending({}, { status: 429, fault: tooMany() }));
      const waitMs = (await enter(limits, callOf()))?.retryAfterMs ?? 0;
      clock.advance(waitMs);
      return waitMs;
    };
    expect([await refuse(), await refuse(), await refuse()]).toEqual([750, 1_500, 3_000]);
    const good = callOf();
    await enter(limits, good);
    limits.guard.ended(good, ending({}));
    expect(await refuse()).toBe(750);
  });

  it('closes nothing where it is not to be tried again: a budget is no limit of rate', async () => {
    const { start, callOf, enter } = limitStage();
    const limits = start();
    const call = callOf();
    await enter(limits, call);
    limits.guard.ended(call, ending({}, { status: 429, fault: tooMany(undefined, false) }));
    expect(await enter(limits, callOf())).toBeUndefined();
  });

  it('closes one kind of request alone where the connector counts them apart', async () => {
    const { start, callOf, enter } = limitStage({ limits: [{ name: 'tier', per: 'method', requests: 20, windowMs: 60_000 }] });
    const limits = start();
    const call = callOf({ template: '/a' });
    await enter(limits, call);
    limits.guard.ended(call, ending({}, { status: 429, fault: tooMany(30_000) }));
    expect(await enter(limits, callOf({ template: '/a' }))).toMatchObject({ code: 'rate_limited' });
    expect(await enter(limits, callOf({ template: '/b' }))).toBeUndefined();
  });
});

describe('a declared limit', () => {
  it('holds for the paths that it names, below the base path', async () => {
    const { start, callOf, enter } = limitStage({ limits: [{ name: 'post', requests: 1, windowMs: 1_000, paths: ['/chat/{}'] }] });
    const limits = start();
    expect(await enter(limits, callOf({ template: '/chat/{}' }))).toBeUndefined();
    expect(await enter(limits, callOf({ template: '/chat/{}' }))).toMatchObject({
      code: 'rate_limited',
      details: { limit: 'post', source: 'declared' },
    });
    expect(await enter(limits, callOf({ template: '/users' }))).toBeUndefined();
  });

  it('of a connector is shared by the connections of a tenant, and by no other tenant', async () => {
    const { start, callOf, enter } = limitStage({ limits: [{ name: 'app', per: 'connector', requests: 2, windowMs: 60_000 }] });
    const [one, two] = [start(), start()];
    expect(await enter(one, callOf({ connectionId: 'c1' }))).toBeUndefined();
    expect(await enter(two, callOf({ connectionId: 'c2' }))).toBeUndefined();
    expect(await enter(one, callOf({ connectionId: 'c3' }))).toMatchObject({ code: 'rate_limited' });
    expect(await enter(one, callOf({ connectionId: 'c4', tenant: 'other' }))).toBeUndefined();
  });

  it('does not count a request that another guard has refused', async () => {
    const { start, callOf, enter } = limitStage({ limits: [{ name: 'all', requests: 2, windowMs: 60_000 }] });
    const limits = start();
    for (let time = 0; time < 20; time += 1) {
      const call = callOf();
      expect(await enter(limits, call)).toBeUndefined();
      limits.guard.ended(call, ending({}, { sent: false, status: null, headers: null }));
    }
  });

  it('of 1,000 in a second is delivered within 5 percent by one process that always wants more', async () => {
    const { clock, start, callOf } = limitStage({ limits: [{ name: 'all', requests: 1_000, windowMs: 1_000 }] });
    const limits = start();
    const sent: number[] = [];
    const end = new AbortController();
    const want = async (): Promise<void> => {
      while (!end.signal.aborted) {
        await limits.guard.admit(callOf({ maximumWaitMs: 60_000, signal: end.signal }));
        sent.push(clock.monotonic());
      }
    };
    const wants = Array.from({ length: 50 }, want);
    // Time moves on by a millisecond whenever nobody can go any further without it.
    let before = -1;
    for (let quiet = 0; clock.monotonic() < 3_000; ) {
      await new Promise((resolve) => setImmediate(resolve));
      quiet = sent.length === before ? quiet + 1 : 0;
      before = sent.length;
      const isHandingOut = (limits.known.peek('acme', 'c1')?.all() ?? []).some(({ lease }) => lease.slice.promised > 0);
      if (quiet < 20 || isHandingOut) continue;
      clock.advance(1);
      quiet = 0;
    }
    end.abort();
    await Promise.allSettled(wants);
    expect(sent.filter((at) => at < 3_000).length).toBeGreaterThan(2_850);
    for (let from = 0; from < 2_000; from += 50)
      expect(sent.filter((at) => at >= from && at < from + 1_000).length).toBeLessThanOrEqual(1_000);
  });
});

describe('the requests a minute of a plan', () => {
  const refusal = new PatchbayError({ code: 'plan_limit', message: 'The plan has 3.' });

  it('are held over processes and connections of a tenant, and not for what the hub does by itself', async () => {
    const { clock, start, callOf, enter } = limitStage({}, { planQuota: async () => ({ perMinute: 3, refusal }) });
    const [one, two] = [start(), start()];
    expect(await enter(one, callOf({ connectionId: 'c1' }))).toBeUndefined();
    expect(await enter(two, callOf({ connectionId: 'c2' }))).toBeUndefined();
    expect(await enter(one, callOf({ connectionId: 'c2', author: 'host', operation: null }))).toBeUndefined();
    expect(await enter(two, callOf({ connectionId: 'c1' }))).toMatchObject({ code: 'plan_limit', sent: 'no', retryable: true });
    expect(await enter(two, callOf({ operation: null }))).toBeUndefined();
    expect(await enter(two, callOf({ tenant: 'other' }))).toBeUndefined();
    expect(await one.plans?.remaining('acme')).toBe(0);
    clock.advance(60_500);
    expect(await one.plans?.remaining('acme')).toBe(3);
    expect(await enter(two, callOf())).toBeUndefined();
  });

  it('follow a plan that changes within a second', async () => {
    let perMinute: number | null = null;
    const { clock, start, callOf, enter } = limitStage({}, { planQuota: async () => ({ perMinute, refusal }) });
    const limits = start();
    for (let time = 0; time < 50; time += 1) expect(await enter(limits, callOf())).toBeUndefined();
    perMinute = 0;
    clock.advance(1_000);
    await enter(limits, callOf());
    await turns();
    expect(await enter(limits, callOf())).toMatchObject({ code: 'plan_limit', retryAfterMs: 60_000 });
  });
});

describe('those who wait', () => {
  const quota = { limits: [{ name: 'all', requests: 2, windowMs: 1_000 }] };

  it('go by turns of their tenants and callers, however many one of them has', async () => {
    const order: string[] = [];
    const line = new WaitingLine(createManualClock());
    const enter = (tenant: string, caller: string) =>
      line
        .enter({ place: [tenant, caller], signal: new AbortController().signal, maximumWaitMs: 60_000, refuse: () => tooMany() })
        .then(() => order.push(`${tenant}/${caller}`));
    for (let time = 0; time < 4; time += 1) void enter('acme', 'a');
    void enter('acme', 'b');
    void enter('other', 'a');
    const used = () => undefined;
    for (let time = 0; time < 6; time += 1) await line.release({ count: 1, isGood: () => true, used });
    expect(order).toEqual(['acme/a', 'other/a', 'acme/b', 'acme/a', 'acme/a', 'acme/a']);
    expect(line.size).toBe(0);
  });

  it('go when the limit lets them, and are seen until then', async () => {
    const { clock, start, callOf, enter } = limitStage(quota);
    const limits = start();
    const went: number[] = [];
    const wait = () => enter(limits, callOf({ maximumWaitMs: 10_000 })).then(() => went.push(clock.monotonic()));
    const all = [wait(), wait(), wait(), wait()];
    await eventually(() => went.length === 2);
    const bucket = () => limits.known.peek('acme', 'c1')?.all()[0];
    await eventually(() => bucket()?.waiting === 2);
    expect(bucket()?.waitingSince).toBe(0);
    // The line sleeps until the limit lets them.
    await turns();
    clock.advance(1_100);
    await Promise.all(all);
    expect(went).toEqual([0, 0, 1_100, 1_100]);
    expect(bucket()?.waitingSince).toBeNull();
  });

  it('leave when they are called off, and take nobody’s place with them', async () => {
    const { clock, start, callOf, enter } = limitStage({ limits: [{ name: 'all', requests: 1, windowMs: 1_000 }] });
    const limits = start();
    await enter(limits, callOf());
    const abort = new AbortController();
    const left = Promise.resolve(limits.guard.admit(callOf({ maximumWaitMs: 10_000, signal: abort.signal }))).catch(
      (reason: unknown) => reason,
    );
    const stays = enter(limits, callOf({ maximumWaitMs: 10_000 }));
    await eventually(() => limits.known.peek('acme', 'c1')?.all()[0]?.waiting === 2);
    abort.abort('no more');
    expect(await left).toBe('no more');
    clock.advance(1_100);
    expect(await stays).toBeUndefined();
  });

  it('are refused when their time is over, and where too many wait already', async () => {
    const { clock, start, callOf, enter } = limitStage({ limits: [{ name: 'all', requests: 1, windowMs: 10_000 }] }, { mostWaiting: 3 });
    const limits = start();
    await enter(limits, callOf());
    clock.advance(9_000);
    const waits = [1, 2, 3].map(() => enter(limits, callOf({ maximumWaitMs: 60_000 })));
    await eventually(() => limits.known.peek('acme', 'c1')?.all()[0]?.waiting === 3);
    expect(await enter(limits, callOf({ maximumWaitMs: 60_000 }))).toMatchObject({ code: 'rate_limited', retryAfterMs: 30_000 });
    clock.advance(1_200);
    await eventually(() => limits.known.peek('acme', 'c1')?.all()[0]?.waiting === 2);
    clock.advance(60_000);
    const ends = await Promise.all(waits);
    expect(ends.filter((end) => end === undefined).length).toBeGreaterThanOrEqual(1);
    expect(clock.pending).toBeLessThan(3);
  });
});
