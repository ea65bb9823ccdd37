import { describe, expect, it } from 'vitest';
import type { Connector } from './connector/connector-definition.ts';
import { isPatchbayError } from './errors/patchbay-error.ts';
import { createLifecycle, type LifecycleParts } from './hub-lifecycle.ts';
import { silentLogger } from './logger/logger.ts';
import { createManualClock } from './net/__fixtures__/manual-clock.ts';

/** A connector that is only begun and ended. */
function connector(id: string, log: string[], changes: Partial<Pick<Connector, 'initialize' | 'shutdown'>> = {}): Connector {
  const plain = {
    id,
    initialize: async () => void log.push(`${id} begins`),
    shutdown: async () => void log.push(`${id} ends`),
    ...changes,
  };
  // The lifecycle uses nothing else of it.
  return plain as unknown as Connector;
}

function setUp(changes: (log: string[]) => Partial<LifecycleParts> = () => ({})) {
  const log: string[] = [];
  const clock = createManualClock();
  const parts: LifecycleParts = {
    storage: { ready: async () => void log.push('storage'), nextDue: async () => null },
    registry: { list: () => [connector('one', log), connector('two', log)] },
    subscribers: { store: async () => void log.push('subscribers') },
    dispatcher: {
      start: () => void log.push('worker begins'),
      stop: async () => void log.push('worker ends'),
      work: async () => 0,
    },
    router: {
      start: () => void log.push('router begins'),
      stop: async () => void log.push('router ends'),
      work: async () => 0,
    },
    upkeep: {
      start: () => void log.push('upkeep'),
      stop: async () => void log.push('upkeep ends'),
      work: async () => void log.push('upkeep'),
    },
    sealer: {
      start: () => void log.push('sealer'),
      stop: async () => void log.push('sealer ends'),
      work: async () => void log.push('sealer'),
    },
    counts: { flush: async () => void log.push('counts') },
    alerts: { stop() {} },
    connectorWatch: { suspend: (id) => void log.push(`${id} waits`), forget: (id) => void log.push(`${id} waits no more`) },
    slots: { close: async () => undefined },
    prepared: () => undefined,
    network: { prepare: async () => undefined, close: async () => void log.push('network') },
    clock,
    logger: silentLogger,
    graceMs: 1_000,
    pollMs: 100,
    handlers: () => [],
    ...changes(log),
  };
  return { log, clock, life: createLifecycle(parts) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const stopped = expect.objectContaining({ code: 'stopped' });

describe('being ready', () => {
  it('prepares once, whoever asks, and stores what was added each time', async () => {
    const list = [connector('one', [])];
    const { log, life } = setUp((inner) => ({ registry: { list: () => (list[0] ? [connector('one', inner)] : []) } }));
    await Promise.all([life.ready(), life.ready()]);
    expect(log.filter((each) => each === 'storage')).toHaveLength(1);
    expect(log.filter((each) => each === 'subscribers')).toHaveLength(2);
  });

  it('is tried anew after it failed, and begins no connector twice', async () => {
    let isAway = true;
    const { log, life } = setUp((inner) => {
      const all = [
        connector('one', inner),
        connector('two', inner, {
          async initialize() {
            if (isAway) throw new Error('away');
            inner.push('two begins');
          },
        }),
      ];
      return { registry: { list: () => all } };
    });
    await expect(life.ready()).rejects.toThrow('away');
    await expect(life.start()).rejects.toThrow('away');
    expect(log).not.toContain('worker begins');
    isAway = false;
    await life.start();
    expect(log.filter((each) => each.endsWith('begins'))).toEqual(['one begins', 'two begins', 'worker begins', 'router begins']);
  });

  it('is refused after a stop, and so is everything that needs it', async () => {
    const { life } = setUp();
    await life.stop();
    for (const call of [life.ready, life.start, () => life.work(1_000)]) await expect(call()).rejects.toEqual(stopped);
  });
});

describe('a start', () => {
  const storageThat = (calls: unknown[], isMigrated: () => boolean): LifecycleParts['storage'] => ({
    nextDue: async () => null,
    async ready(options) {
      calls.push(options?.migrate ?? false);
      if (!isMigrated() && options?.migrate !== true) throw new Error('no tables');
    },
  });

  it('lets the storage bring its tables up to date where the host says so', async () => {
    const calls: unknown[] = [];
    let isMigrated = false;
    const { log, life } = setUp(() => ({ storage: storageThat(calls, () => isMigrated) }));
    await expect(life.start()).rejects.toThrow('no tables');
    const early = life.ready();
    const starting = life.start({ migrate: true });
    isMigrated = true;
    await expect(early).rejects.toThrow('no tables');
    await starting;
    expect(calls).toEqual([false, false, true, false]);
    expect(log).toContain('worker begins');
  });
});

describe('a stop', () => {
  it('ends worker and router before counts, connectors and network, once however often it is asked for', async () => {
    const all: Connector[] = [];
    const { log, life } = setUp((inner) => {
      all.push(connector('one', inner));
      return { registry: { list: () => all } };
    });
    await life.start();
    log.length = 0;
    await Promise.all([life.stop(), life.stop()]);
    await life.stop();
    expect(log).toEqual(['worker ends', 'router ends', 'upkeep ends', 'counts', 'sealer ends', 'one ends', 'network']);
  });

  it('before anything began opens nothing, and ends no connector that never began', async () => {
    const { log, life } = setUp();
    await life.stop();
    expect(log).toEqual(['worker ends', 'router ends', 'upkeep ends', 'counts', 'sealer ends', 'network']);
  });

  it('during a start lets nothing begin', async () => {
    const gate = Promise.withResolvers<void>();
    const { log, life } = setUp((inner) => ({
      storage: {
        nextDue: async () => null,
        async ready() {
          await gate.promise;
          inner.push('storage');
        },
      },
    }));
    const starting = life.start();
    const stopping = life.stop();
    gate.resolve();
    await expect(starting).rejects.toEqual(stopped);
    await stopping;
    expect(log.filter((each) => each.endsWith('begins'))).toEqual([]);
    expect(log).toContain('network');
  });

  it('aborts a connector that is beginning, and does not wait for one that does not listen', async () => {
    let signal: AbortSignal | undefined;
    const { log, life, clock } = setUp((inner) => ({
      registry: {
        list: () => [
          connector('deaf', inner, {
            initialize: (_context, given) => {
              signal = given;
              return new Promise(() => undefined);
            },
          }),
        ],
      },
    }));
    void life.start().catch(() => undefined);
    await turn();
    const stopping = life.stop();
    expect(signal?.aborted).toBe(true);
    await turn();
    expect(log).not.toContain('network');
    clock.advance(1_000);
    await stopping;
    expect(log).toContain('network');
    expect(log).not.toContain('deaf ends');
  });

  it('hands a connector a signal that is not aborted yet, and leaves one behind that does not end', async () => {
    let signal: AbortSignal | undefined;
    const all: Connector[] = [];
    const { log, life, clock } = setUp((inner) => {
      all.push(
        connector('slow', inner, {
          shutdown: (given) => {
            signal = given;
            return new Promise(() => undefined);
          },
        }),
      );
      return { registry: { list: () => all } };
    });
    await life.ready();
    const stopping = life.stop();
    await turn();
    expect(signal?.aborted).toBe(false);
    clock.advance(1_000);
    await stopping;
    expect(signal?.aborted).toBe(true);
    expect(log).toContain('network');
  });

  it('leaves no timer of a turn behind that waits for the sealing', async () => {
    const { clock, life } = setUp(() => ({
      sealer: { start: () => undefined, stop: async () => undefined, work: () => new Promise(() => undefined) },
    }));
    const work = life.work(20_000);
    await turn();
    await turn();
    expect(clock.pending).toBe(1);
    await Promise.all([life.stop(), work]);
    expect(clock.pending).toBe(0);
  });

  it('does not wait for the upkeep of the storage beyond the grace', async () => {
    const { log, life, clock } = setUp(() => ({
      upkeep: { start: () => undefined, stop: () => new Promise(() => undefined), work: async () => undefined },
    }));
    await life.start();
    const stopping = life.stop();
    await turn();
    expect(log).not.toContain('network');
    clock.advance(1_000);
    await stopping;
    expect(log).toContain('network');
  });

  it('closes the network whatever fails on the way', async () => {
    const fail = async (): Promise<never> => {
      throw new Error('no');
    };
    const all: Connector[] = [];
    const { log, life } = setUp((inner) => {
      all.push(connector('broken', inner, { shutdown: fail }));
      return {
        registry: { list: () => all },
        dispatcher: { start: () => undefined, stop: fail, work: async () => 0 },
        router: { start: () => undefined, stop: fail, work: async () => 0 },
        upkeep: { start: () => undefined, stop: fail, work: fail },
        counts: { flush: fail },
      };
    });
    await life.start();
    await life.stop();
    expect(log).toContain('network');
  });
});

describe('a bounded turn', () => {
  it('routes and executes until neither finds anything', async () => {
    const routed = [2, 1, 0, 0];
    const executed = [1, 0, 3, 0];
    const { log, life } = setUp(() => ({
      router: { start: () => undefined, stop: async () => undefined, work: async () => routed.shift() ?? 0 },
      dispatcher: { start: () => undefined, stop: async () => undefined, work: async () => executed.shift() ?? 0 },
    }));
    expect(await life.work(20_000)).toEqual({ executed: 4, nextDueMs: null });
    expect(routed).toEqual([]);
    expect(log).toContain('upkeep');
  });

  it('ends at its deadline although there is always something', async () => {
    const limits: number[] = [];
    const { life, clock } = setUp(() => ({
      dispatcher: {
        start: () => undefined,
        stop: async () => undefined,
        async work({ deadlineMs }) {
          limits.push(deadlineMs);
          clock.advance(3_000);
          return 1;
        },
      },
    }));
    expect((await life.work(10_000)).executed).toBe(3);
    expect(limits).toEqual([10_000, 7_000, 4_000]);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '10'])('of %j milliseconds is refused', async (deadline) => {
    const { life } = setUp();
    const error: unknown = await life.work(deadline as number).catch((caught: unknown) => caught);
    expect(isPatchbayError(error) && error.code).toBe('invalid_argument');
  });

  it('starts without a connector that never comes to an end of beginning, and lets its actions go when it does after all', async () => {
    const slow = Promise.withResolvers<void>();
    const signals: AbortSignal[] = [];
    const initialize = (_context: unknown, signal: AbortSignal): Promise<void> => {
      signals.push(signal);
      return slow.promise;
    };
    const { log, clock, life } = setUp((log) => ({
      registry: { list: () => [connector('stuck', log, { initialize }), connector('two', log)] },
    }));
    const started = life.start();
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(log).not.toContain('two begins');
    clock.advance(30_000);
    await started;
    expect(log).toEqual(expect.arrayContaining(['stuck waits', 'two begins', 'worker begins']));
    expect(signals[0]?.aborted).toBe(true);
    expect(log).not.toContain('stuck waits no more');
    slow.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(log).toContain('stuck waits no more');
    await life.stop();
  });
});
