import type { BirthLease, DispatchKey, NewDispatch, Ordering, WorkClass } from '@patchbay/core/adapter';
import { type Arbitrary, array, constantFrom, integer, nat, option, record } from 'fast-check';
import { tick } from './model.ts';

/** Few names, so that steps meet. */
export const tenants = constantFrom('acme', 'globex');
/** Workers. */
export const holders = constantFrom('worker-a', 'worker-b');
/** Lanes of each tenant. */
export const lanes = constantFrom('connection:1', 'connection:2');
/** What workers can execute. */
export const handlers = ['subscriber:index', 'action:github@1'] as const;
/** What a worker offers: mostly everything. */
export const offers: Arbitrary<string[]> = constantFrom([...handlers], [...handlers], [...handlers], [handlers[0]], [handlers[1]], []);
/** Automations, by id. */
export const automations = ['0198a000-0000-7000-8000-aaaaaaaaaaaa', '0198a000-0000-7000-8000-bbbbbbbbbbbb'] as const;
/** Whole ticks from `from` to `to`, in milliseconds. */
export const ticks = (from: number, to: number): Arbitrary<number> => integer({ min: from, max: to }).map((count) => count * tick);
/** A choice among what happened before; mostly the latest. */
export const earlier: Arbitrary<number> = nat({ max: 5 }).chain((spread) => nat({ max: 1 + spread * spread }));
/** True once in eight. */
export const rarely: Arbitrary<boolean> = integer({ min: 0, max: 7 }).map((number) => number === 7);

/** What varies in a dispatch. */
export interface DispatchChoice {
  readonly path: string;
  readonly handler: string;
  readonly lane: string;
  readonly workClass: WorkClass;
  readonly mark: 'claim' | 'begin';
  readonly delayMs: number;
  readonly input: string | null;
  readonly ordering: Ordering | null;
}

const dispatchChoice: Arbitrary<DispatchChoice> = record({
  path: constantFrom('a', 'b', 'c', 'd'),
  handler: constantFrom(...handlers),
  lane: lanes,
  workClass: constantFrom<WorkClass>('live', 'live', 'replay'),
  mark: constantFrom<'claim' | 'begin'>('claim', 'claim', 'begin'),
  delayMs: constantFrom(0, 0, 0, tick, 2 * tick),
  input: option(constantFrom('{"n":1}')),
  ordering: constantFrom<Ordering | null>(
    null,
    null,
    { key: 'k', onDead: 'skip' },
    { key: 'k', onDead: 'block' },
    { key: 'l', onDead: 'block' },
  ),
});

/** Up to three dispatches, their paths possibly equal. */
export const dispatchChoices: Arbitrary<DispatchChoice[]> = array(dispatchChoice, { maxLength: 3 });

/** A lease for what is born, or none. */
export const birthChoice: Arbitrary<BirthLease | null> = option(
  record({ holder: holders, limit: integer({ min: 0, max: 3 }), ttlMs: ticks(1, 3) }),
  { freq: 3 },
);

/** The dispatch that a choice stands for. */
export const chosenDispatch = (choice: DispatchChoice, place: Omit<DispatchKey, 'path'>): NewDispatch => ({
  key: { ...place, path: choice.path },
  handler: choice.handler,
  lane: choice.lane,
  workClass: choice.workClass,
  operation: 'do',
  connection: null,
  input: choice.input,
  version: null,
  delayMs: choice.delayMs,
  mark: choice.mark,
  onUnknown: 'hold',
  ordering: choice.ordering,
});
