import { describe, expect, it } from 'vitest';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { ExecutionPolicy, Executor, Finding, Outcome } from '../contracts/executor.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { claimedDispatch, policyWith, runRecord, storeNow } from './__fixtures__/claimed-dispatch.ts';
import { executeDispatch } from './execute-dispatch.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';

interface Scene {
  readonly dispatch?: Partial<ClaimedDispatch>;
  readonly policy?: Partial<ExecutionPolicy>;
  readonly executor?: Partial<Executor>;
  readonly outcome?: Outcome;
  readonly finding?: Finding;
  /** False: the store says that the lease is lost. */
  readonly begins?: boolean;
  readonly now?: () => number;
  readonly signal?: AbortSignal;
}

/** Executes, and tells in which order things were done. */
async function play(scene: Scene) {
  const steps: string[] = [];
  const dispatch = claimedDispatch(scene.dispatch);
  const executor: Executor = {
    handler: dispatch.handler,
    policy: () => policyWith(scene.policy),
    async execute() {
      steps.push('execute');
      return scene.outcome ?? { outcome: 'succeeded', output: '1' };
    },
    async reconcile() {
      steps.push('look');
      return scene.finding ?? { answer: 'absent' };
    },
    ...scene.executor,
  };
  const resolution = await executeDispatch({
    executor,
    work: {
      dispatch,
      key: idempotencyKeyOf(dispatch.key),
      attempt: 1,
      signal: scene.signal ?? new AbortController().signal,
      deadline: 27_000,
    },
    now: scene.now ?? (() => 0),
    begin: async () => {
      steps.push('begin');
      return scene.begins ?? true;
    },
    random: () => 0.5,
    leaseMs: 30_000,
  });
  return { steps, resolution };
}

const anError = { code: 'provider_unavailable', message: 'The service is away.' };

describe('executeDispatch', () => {
  it('executes, and says what is to be written', async () => {
    const { steps, resolution } = await play({});
    expect(steps).toEqual(['execute']);
    expect(resolution).toMatchObject({ write: 'settle', settlement: { to: 'succeeded', output: '1' } });
  });

  it('marks an unsafe dispatch in flight before it is executed', async () => {
    const { steps } = await play({ dispatch: { mark: 'begin' }, policy: { idempotency: 'unsafe' } });
    expect(steps).toEqual(['begin', 'execute']);
  });

  it('executes nothing and writes nothing where the mark finds the lease lost', async () => {
    const { steps, resolution } = await play({ dispatch: { mark: 'begin' }, begins: false });
    expect(steps).toEqual(['begin']);
    expect(resolution).toBeNull();
  });

  it('counts what an executor throws as unknown, and keeps nothing of a foreign message', async () => {
    const execute = async () => {
      throw new Error('token=hunter2');
    };
    const { resolution } = await play({ executor: { execute } });
    expect(resolution).toMatchObject({ outcome: 'unknown', settlement: { to: 'pending', unknown: true } });
    expect(JSON.stringify(resolution)).not.toContain('hunter2');
  });

  it('holds a dispatch whose executor cannot say how it may be repeated', async () => {
    const policy = () => {
      throw new TypeError('no such operation');
    };
    const { steps, resolution } = await play({ executor: { policy } });
    expect(steps).toEqual([]);
    expect(resolution).toMatchObject({ settlement: { to: 'held' } });
  });
});

describe('a dispatch whose time is over before it begins', () => {
  const later = { write: 'defer', delayMs: 0, reason: 'lease_lost', nothingSent: true };

  it('goes back unused when the deadline has passed', async () => {
    const { steps, resolution } = await play({ now: () => 27_000 });
    expect(steps).toEqual([]);
    expect(resolution).toEqual(later);
  });

  it('goes back unused when the deadline passes while it is marked in flight', async () => {
    const times = [0, 27_000];
    const { steps, resolution } = await play({ dispatch: { mark: 'begin' }, now: () => times.shift() ?? 27_000 });
    expect(steps).toEqual(['begin']);
    expect(resolution).toEqual(later);
  });

  it.each([
    ['lease_lost', 'lease_lost'],
    ['aborted', 'drain'],
  ] as const)('goes back unused when it was taken back as %s', async (code, reason) => {
    const signal = AbortSignal.abort(new PatchbayError({ code, message: 'Taken back.' }));
    const { steps, resolution } = await play({ signal });
    expect(steps).toEqual([]);
    expect(resolution).toEqual({ ...later, reason });
  });
});

describe('a dispatch of a cancelled run', () => {
  const run = runRecord({ status: 'cancelled' });

  it('is not tried again', async () => {
    const { steps, resolution } = await play({ dispatch: { run } });
    expect(steps).toEqual([]);
    expect(resolution).toMatchObject({ outcome: 'failed', settlement: { to: 'cancelled' }, error: { code: 'cancelled' }, end: null });
  });

  it('stays unknown where it was, for whoever tries it again by hand', async () => {
    const { resolution } = await play({ dispatch: { run, unknownSince: storeNow - 1 } });
    expect(resolution).toMatchObject({ outcome: 'unknown', settlement: { to: 'cancelled' } });
  });
});

describe('a dispatch at its cap', () => {
  it.each([
    ['crash_limit', { crashes: 3, attempts: 3 }],
    ['attempts_exhausted', { attempts: 5 }],
  ])('is dead of %s without being executed', async (code, dispatch) => {
    const { steps, resolution } = await play({ dispatch });
    expect(steps).toEqual([]);
    expect(resolution).toMatchObject({ settlement: { to: 'dead' }, error: { code }, end: { ended: 'failed' } });
  });

  it.each([
    ['keyed', 'held'],
    ['unsafe', 'held'],
    ['read', 'dead'],
  ] as const)('of class %s is %s where it may have happened', async (idempotency, to) => {
    const { resolution } = await play({ dispatch: { crashes: 3, unknownSince: storeNow - 1 }, policy: { idempotency } });
    expect(resolution).toMatchObject({ settlement: { to } });
  });

  it('is dead where its key is never forgotten, for then a person can retry it whenever he likes', async () => {
    const policy = { idempotency: 'keyed', keyLifetimeMs: Number.POSITIVE_INFINITY } as const;
    const { resolution } = await play({ dispatch: { crashes: 3, unknownSince: storeNow - 1 }, policy });
    expect(resolution).toMatchObject({ settlement: { to: 'dead' } });
  });

  it('has one more try below it', async () => {
    const { steps } = await play({ dispatch: { crashes: 2, attempts: 4 } });
    expect(steps).toEqual(['execute']);
  });
});

describe('a dispatch whose last outcome nobody knows', () => {
  const unknown = { unknownSince: storeNow - 1_000, firstSentAt: storeNow - 1_000 };

  it('is looked for first where its class allows a look, and is not sent in the same lease', async () => {
    const { steps, resolution } = await play({ dispatch: unknown, policy: { idempotency: 'reconcilable' } });
    expect(steps).toEqual(['look']);
    expect(resolution).toMatchObject({ write: 'defer', reason: 'reconcile' });
  });

  it('waits for a person where nothing can tell', async () => {
    const { steps, resolution } = await play({ dispatch: { ...unknown, mark: 'begin' }, policy: { idempotency: 'unsafe' } });
    expect(steps).toEqual([]);
    expect(resolution).toMatchObject({ outcome: 'unknown', settlement: { to: 'held' } });
  });

  it('is executed again with the same key where the provider drops a repeat', async () => {
    const { steps, resolution } = await play({ dispatch: unknown, outcome: { outcome: 'failed', error: anError, retryable: true } });
    expect(steps).toEqual(['execute']);
    expect(resolution).toMatchObject({ settlement: { to: 'pending', unknown: true } });
  });
});
