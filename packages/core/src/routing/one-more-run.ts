import { dayMs } from '../clock/day-of.ts';
import type { IngestState } from '../contracts/hot-store.ts';
import type { StateStore } from '../contracts/state-store.ts';
import { isJsonObject } from '../json/is-json-object.ts';

/** Where runs are counted that others begin. */
export interface StartedRuns {
  readonly states: Pick<StateStore, 'read' | 'write' | 'list'>;
  /** Most in a day of those that go back to one event. */
  readonly most: number;
}

const prefix = 'flow-runs:';

/** Counts that are looked at for old ones when another begins. */
const lookedAt = 10;

/**
 * The count that goes in together with one more run that another begins; `null` where there are as many as there may be. Both go back to the event that is named by
 * the correlation. Racers get the same count, and one of them is stored.
 */
export async function oneMoreRun(
  { states, most }: StartedRuns,
  { tenant, correlation, now }: { readonly tenant: string; readonly correlation: string; readonly now: number },
): Promise<IngestState | null> {
  const name = `${prefix}${correlation}`;
  const entry = await states.read(tenant, name);
  if (entry === null) await forgetOld(states, tenant, now);
  const { begun, since } = isJsonObject(entry?.value) ? entry.value : {};
  const goesOn = typeof begun === 'number' && typeof since === 'number' && now - since < dayMs;
  if (goesOn && begun >= most) return null;
  return { name, expect: entry?.version ?? 'absent', value: goesOn ? { begun: begun + 1, since } : { begun: 1, since: now } };
}

/** Takes counts away that nobody needs any more: a few, the oldest first, whenever one begins. Correlations are in order of time. */
async function forgetOld(states: StartedRuns['states'], tenant: string, now: number): Promise<void> {
  const { entries } = await states.list(tenant, prefix, { cursor: null, limit: lookedAt });
  const old = entries.filter(({ updatedAt }) => now - updatedAt > dayMs);
  if (old.length > 0) await states.write(old.map(({ name, version }) => ({ tenant, name, expect: version, value: null })));
}
