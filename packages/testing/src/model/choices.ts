import type { BirthLease, DispatchKey, NewDispatch } from '@patchbay/core/adapter';
import { array, boolean, constantFrom, integer, nat, option, record } from 'fast-check';
import { tick } from './model.ts';

/** Few names, so that steps meet. */
export const tenants = constantFrom('acme', 'globex');
/** Workers. */
export const holders = constantFrom('worker-a', 'worker-b');
/** Lanes of each tenant. */
export const lanes = constantFrom('connection:1', 'connection:2');
/** What workers can execute. */
export const handlers = ['subscriber:index', 'action:github@1'] as const;
/** Automations, by id. */
export const automations = ['0198a000-0000-7000-8000-aaaaaaaaaaaa', '0198a000-0000-7000-8000-bbbbbbbbbbbb'] as const;
/** Whole ticks from `from` to `to`, in milliseconds. */
export const ticks = (from: number, to: number) => integer({ min: from, max: to }).map((count) => count * tick);
/** A choice among what happened before. */
export const earlier = nat({ max: 30 });

/** What varies in a dispatch. */
export const dispatchChoice = record({
  path: constantFrom('a', 'b', 'c', 'd'),
  handler: constantFrom(...handlers),
  lane: lanes,
  workClass: constantFrom('live' as const, 'live' as const, 'replay' as const),
  mark: constantFrom('claim' as const, 'claim' as const, 'begin' as const),
  delayMs: constantFrom(0, 0, 0, tick, 2 * tick),
  input: option(constantFrom('{"n":1}')),
});

/** Up to three dispatches, their paths possibly equal. */
export const dispatchChoices = array(dispatchChoice, { maxLength: 3 });

/** A lease for what is born, or none. */
export const birthChoice = option(record({ holder: holders, limit: integer({ min: 0, max: 3 }), ttlMs: ticks(1, 3) }), { freq: 3 });

/** True once in eight. */
export const rarely = integer({ min: 0, max: 7 }).map((number) => number === 7);

export { boolean };

type DispatchChoice = typeof dispatchChoice extends { generate: unknown; filter: (...rest: never) => unknown; map: (mapper: (value: infer Value) => unknown) => unknown } ? Value : never;

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
});

/** The lease that a choice stands for. */
export const chosenBirth = (choice: BirthLease | null): BirthLease | null => choice;
