import { dayMs } from '../clock/day-of.ts';
import { hubScope } from '../contracts/configuration-store.ts';
import type { StateEntry, StateStore } from '../contracts/state-store.ts';
import type { TenantsRequest } from '../contracts/tenants-request.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import { alertStates, channelStateName, suppressionStates } from './alert-names.ts';
import { readAlertState } from './alert-state.ts';

/** What taking away needs that nobody will ask for. */
export interface RetireAlertStatesOptions {
  readonly listTenants: (request: TenantsRequest) => Promise<readonly string[]>;
  readonly states: Pick<StateStore, 'list' | 'write'>;
  /** The store's time, milliseconds since 1970. */
  readonly now: number;
  /** Milliseconds for which the last alert of a rule and subject is known after it is over. */
  readonly keepMs: number;
}

/** Longer than any window of a rule or a channel, milliseconds: what was counted before is out of all of them. */
const windowsEndAfter = 2 * dayMs;

const atOnce = { tenants: 500, states: 500 };

type IsOver = (entry: StateEntry) => boolean;

/**
 * Takes away what alerts have left: the last one of each subject that has been quiet for long, counts that no window reaches back to, and suppressions that
 * are over. An alert that is open stays, however old. What is written at this moment stays as well: both go by the version.
 */
export async function retireAlertStates(options: RetireAlertStatesOptions): Promise<void> {
  const { now, keepMs } = options;
  const rules: readonly (readonly [prefix: string, isOver: IsOver])[] = [
    [alertStates, (entry) => isQuiet(entry, { now, keepMs })],
    [channelStateName(''), ({ updatedAt }) => updatedAt < now - windowsEndAfter],
    [suppressionStates, ({ value }) => isJsonObject(value) && Number(value['until']) < now - dayMs],
  ];
  const retire = async (tenant: string): Promise<void> => {
    for (const [prefix, isOver] of rules) await retireOf(options.states, { tenant, prefix, isOver });
  };
  await retire(hubScope);
  for (let after: string | null = null; ; ) {
    const tenants: readonly string[] = await options.listTenants({ after, limit: atOnce.tenants });
    for (const tenant of tenants) await retire(tenant);
    if (tenants.length < atOnce.tenants) return;
    after = tenants.at(-1) ?? null;
  }
}

function isQuiet({ value, updatedAt }: StateEntry, { now, keepMs }: Pick<RetireAlertStatesOptions, 'now' | 'keepMs'>): boolean {
  const { episode } = readAlertState(value);
  if (episode === null) return updatedAt < now - windowsEndAfter;
  return episode.phase === 'resolved' && updatedAt < now - Math.max(keepMs, windowsEndAfter);
}

async function retireOf(
  states: RetireAlertStatesOptions['states'],
  { tenant, prefix, isOver }: { readonly tenant: string; readonly prefix: string; readonly isOver: IsOver },
): Promise<void> {
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof states.list>> = await states.list(tenant, prefix, { cursor, limit: atOnce.states });
    const items = page.entries.filter(isOver).map(({ name, version }) => ({ tenant, name, expect: version, value: null }));
    if (items.length > 0) await states.write(items);
    cursor = page.cursor;
    if (cursor === null) return;
  }
}
