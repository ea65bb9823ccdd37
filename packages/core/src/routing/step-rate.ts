import type { StateStore } from '../contracts/state-store.ts';
import { isJsonObject } from '../json/is-json-object.ts';

/** So many in each span of time. */
export interface StepRate {
  readonly tenant: string;
  readonly name: string;
  readonly limit: number;
  readonly perMs: number;
  /** The store's time. */
  readonly now: number;
  /** Who begins; no other says the same, so that nobody takes another's write for its own. */
  readonly by: string;
}

/** Times that others may be faster. */
const tries = 5;

/** Milliseconds after which a count that others keep changing is looked at again. */
const againMs = 50;

/** Counts one that begins in the present span; `null` where it may, or the milliseconds after which one may. */
export async function countAtRate(
  states: Pick<StateStore, 'read' | 'write'>,
  { tenant, name, limit, perMs, now, by }: StepRate,
): Promise<number | null> {
  const span = Math.floor(now / perMs);
  for (let count = 0; count < tries; count += 1) {
    const entry = await states.read(tenant, name);
    const value = isJsonObject(entry?.value) ? entry.value : {};
    const begun = value['span'] === span && typeof value['begun'] === 'number' ? value['begun'] : 0;
    if (begun >= limit) return (span + 1) * perMs - now;
    const [verdict] = await states.write([{ tenant, name, expect: entry?.version ?? 'absent', value: { span, begun: begun + 1, by } }]);
    if (verdict?.status === 'written') return null;
  }
  return againMs;
}
