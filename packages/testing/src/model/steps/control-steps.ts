import type { Change, GateReason } from '@patchbay/core/adapter';
import { array, boolean, constantFrom, integer, nat, option, record } from 'fast-check';
import { expect } from 'vitest';
import { holders, lanes, rarely, tenants, ticks } from '../choices.ts';
import type { Model, ModelRow } from '../model.ts';
import { type ChoiceOf, type Step, step } from '../step.ts';

/** Time passes. */
export const advanceStep: Step = step('advance', ticks(1, 3), async (model, { advance }, ms) => {
  await advance(ms);
  model.now += ms;
});

const reasons = constantFrom<GateReason>('rate_limited', 'paused');

/** A lane is closed. */
export const closeStep: Step = step(
  'close',
  record({ tenant: tenants, lane: lanes, reason: reasons, forMs: option(ticks(1, 3), { freq: 6 }) }),
  async (model, { storage }, gate) => {
    await storage.gates.close([gate]);
    const { forMs, ...name } = gate;
    const isSame = (other: Model['gates'][number]): boolean =>
      other.tenant === gate.tenant && other.lane === gate.lane && other.reason === gate.reason;
    const until = forMs === null ? Number.POSITIVE_INFINITY : model.now + forMs;
    const later = Math.max(until, ...model.gates.filter(isSame).map((other) => other.until));
    model.gates = [...model.gates.filter((other) => !isSame(other)), { ...name, until: later }];
  },
);

/** A lane is opened. */
export const openStep: Step = step('open', record({ tenant: tenants, lane: lanes, reason: reasons }), async (model, { storage }, gate) => {
  await storage.gates.open([gate]);
  model.gates = model.gates.filter((other) => other.tenant !== gate.tenant || other.lane !== gate.lane || other.reason !== gate.reason);
});

const changeChoice = record({
  id: constantFrom('s-0', 's-1', 's-2'),
  name: constantFrom('n-0', 'n-1', 'n-2'),
  pattern: constantFrom('*', 'github.*'),
  remove: rarely,
  outdated: rarely,
});

type ChangeChoice = ChoiceOf<typeof changeChoice>;

function chosenChange(rows: readonly ModelRow[], scope: string, { id, name, pattern, remove, outdated }: ChangeChoice): Change {
  const version = (rows.find((row) => row.scope === scope && row.id === id)?.version ?? 0) + Number(outdated);
  if (remove) return { delete: 'subscriber', id, expect: version };
  return { put: 'subscriber', id, name, expect: version === 0 ? 'absent' : version, value: { name, pattern } };
}

/** The rows after a change, or `already` where they are as it says, or `conflict`. */
function applied(rows: readonly ModelRow[], scope: string, change: Change): readonly ModelRow[] | 'already' | 'conflict' {
  const row = rows.find((one) => one.scope === scope && one.id === change.id);
  const others = rows.filter((one) => one !== row);
  if ('delete' in change) return row === undefined ? 'already' : row.version === change.expect ? others : 'conflict';
  if (change.put !== 'subscriber' || !('pattern' in change.value)) throw new Error('The model writes subscribers only.');
  const { pattern } = change.value;
  const before = change.expect === 'absent' ? 0 : change.expect;
  if (row?.version === before + 1 && row.name === change.name && row.pattern === pattern) return 'already';
  if ((row?.version ?? 0) !== before || others.some((one) => one.scope === scope && one.name === change.name)) return 'conflict';
  return [...others, { scope, id: change.id, name: change.name, version: before + 1, pattern }];
}

const writeChoice = record({
  scope: constantFrom('', 'acme', 'acme', 'globex'),
  changes: array(changeChoice, { minLength: 1, maxLength: 3 }),
  twice: boolean(),
  /** What is said of the revision: nothing, what is so, what is not. */
  condition: constantFrom('none', 'none', 'last', 'older'),
});

/** The configuration is written, sometimes twice, as if the first answer had been lost. */
export const writeStep: Step = step(
  'write',
  writeChoice,
  async (model, { storage }, { scope, changes: choices, twice, condition: said }) => {
    const ids = new Set<string>();
    const distinct = choices.filter(({ id }) => !ids.has(id) && ids.add(id));
    const changes = distinct.map((choice) => chosenChange(model.rows, scope, choice));
    const last = model.revisions.get(scope) ?? 0;
    const condition = said === 'none' ? undefined : { revision: said === 'last' ? last : last - 1 };
    const verdict = await storage.configuration.write(scope, changes, condition);
    let rows: readonly ModelRow[] = model.rows;
    for (const change of changes) {
      const after = applied(rows, scope, change);
      if (after === 'conflict') return expect(verdict).toEqual({ status: 'conflict', kind: 'subscriber', id: change.id });
      if (after !== 'already') rows = after;
    }
    const [first] = changes;
    if (rows !== model.rows && said === 'older' && first) {
      return expect(verdict).toEqual({ status: 'conflict', kind: 'subscriber', id: first.id });
    }
    const revision = last + Number(rows !== model.rows);
    expect(verdict).toEqual({ status: 'written', revision });
    model.rows = [...rows];
    model.revisions.set(scope, revision);
    if (twice) expect(await storage.configuration.write(scope, changes, condition)).toEqual(verdict);
  },
);

const leaseChoice = record({
  act: constantFrom('acquire', 'acquire', 'extend', 'release'),
  name: constantFrom('sealer', 'poller'),
  holder: holders,
  ttlMs: ticks(1, 2),
  outdated: rarely,
});

/** A named lease is asked for, extended or given back. */
export const leaseStep: Step = step('lease', leaseChoice, async (model, { storage: { leases } }, { act, outdated, ...request }) => {
  const lease = model.leases.get(request.name) ?? { holder: null, fence: 0, until: 0 };
  model.leases.set(request.name, lease);
  const isFree = lease.holder === null || lease.until <= model.now;
  const fence = lease.fence - Number(outdated);
  const isMine = lease.holder === request.holder && fence === lease.fence;
  if (act === 'release') {
    await leases.release({ ...request, fence });
    if (isMine) lease.holder = null;
  } else if (act === 'extend') {
    expect(await leases.extend({ ...request, fence })).toBe(isMine && !isFree);
    if (isMine && !isFree) lease.until = model.now + request.ttlMs;
  } else {
    const found = await leases.acquire(request);
    expect(found !== null).toBe(isFree || lease.holder === request.holder);
    if (found === null) return;
    if (!isFree) expect(found.fence).toBe(lease.fence);
    else if (lease.holder !== request.holder) expect(found.fence).toBeGreaterThan(lease.fence);
    Object.assign(lease, { holder: request.holder, fence: found.fence, until: model.now + request.ttlMs });
  }
});

const countChoice = record({
  id: integer({ min: 0, max: 5 }).map(String),
  tenant: tenants,
  day: constantFrom('2026-03-01', '2026-03-02'),
  by: nat({ max: 9 }),
});

/** Something is counted, now and then by a batch that has been. */
export const countStep: Step = step('count', countChoice, async (model, { storage: { counters } }, { id, ...delta }) => {
  await counters.add({ id, deltas: [{ ...delta, name: 'events' }] });
  if (!model.batches.has(id)) model.counts.set(delta.tenant, (model.counts.get(delta.tenant) ?? 0) + delta.by);
  model.batches.add(id);
  const sum = await counters.read({ tenant: delta.tenant, name: 'events', fromDay: '2026-03-01', toDay: '2026-03-02' });
  expect(sum).toBe(model.counts.get(delta.tenant) ?? 0);
});
