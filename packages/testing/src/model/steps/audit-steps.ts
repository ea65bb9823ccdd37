import type { AuditEntry, ChainPoint, Storage } from '@patchbay/core/adapter';
import { constantFrom, integer, record } from 'fast-check';
import { expect } from 'vitest';
import { rarely, tenants } from '../choices.ts';
import { type Model, type ModelTrail, nextId, trailOf } from '../model.ts';
import { type Step, step } from '../step.ts';

const entryOf = (id: string): AuditEntry => ({
  id,
  actor: { kind: 'system', id: '' },
  action: 'thing.changed',
  object: { type: 'thing', id: 'one' },
  connection: null,
  outcome: 'succeeded',
  details: '{}',
  correlation: null,
});

const pointAt = (trail: ModelTrail, seq: number): ChainPoint => ({ seq, hash: seq === 0 ? '' : (trail.chain[seq - 1]?.hash ?? 'none') });

async function append(model: Model, { audit }: Storage, tenant: string): Promise<void> {
  const entries = [entryOf(nextId(model)), entryOf(nextId(model))];
  await audit.append(tenant, entries);
  trailOf(model, tenant).waiting.push(...entries.map(({ id }) => id));
}

const sealChoice = record({
  tenant: tenants,
  act: constantFrom('append', 'seal', 'seal', 'prune'),
  outdated: rarely,
  through: integer({ min: 1, max: 9 }),
});

async function seal(
  model: Model,
  { audit }: Storage,
  { tenant, outdated }: { readonly tenant: string; readonly outdated: boolean },
): Promise<void> {
  const trail = trailOf(model, tenant);
  const found = (await audit.unsealed({ limit: 1_000 })).find((one) => one.tenant === tenant);
  expect((found?.records ?? []).map(({ id }) => id).sort()).toEqual(trail.waiting.toSorted());
  if (found === undefined) return;
  expect(found.head).toEqual(pointAt(trail, trail.chain.length));
  const records = found.records.map(({ id }) => ({ id, hash: `hash of ${id}` }));
  const behind = outdated ? { seq: found.head.seq + 1, hash: 'another' } : found.head;
  const item = { tenant, behind, records };
  expect(await audit.seal([item, item])).toEqual([{ status: outdated ? 'moved' : 'sealed' }, { status: outdated ? 'moved' : 'sealed' }]);
  if (outdated) return;
  trail.chain.push(...records);
  trail.waiting.splice(0);
}

async function prune(
  model: Model,
  { audit }: Storage,
  { tenant, outdated, through: seq }: { readonly tenant: string; readonly outdated: boolean; readonly through: number },
): Promise<void> {
  const trail = trailOf(model, tenant);
  const entry = entryOf(nextId(model));
  const point = { ...pointAt(trail, seq), ...(outdated ? { hash: 'another' } : {}) };
  const { status } = await audit.prune(tenant, { through: point, entry });
  if (trail.chain.length > 0 && trail.base >= seq) return expect(status).toBe('pruned');
  const isThere = !outdated && seq <= trail.chain.length;
  expect(status).toBe(isThere ? 'pruned' : 'kept');
  if (!isThere) return;
  trail.base = seq;
  trail.waiting.push(entry.id);
}

/** Acts are recorded, sealed, sometimes behind a head that has moved, and taken away. */
export const auditStep: Step = step('audit', sealChoice, async (model, { storage }, { act, ...choice }) => {
  if (act === 'append') await append(model, storage, choice.tenant);
  else if (act === 'seal') await seal(model, storage, choice);
  else await prune(model, storage, choice);
});
