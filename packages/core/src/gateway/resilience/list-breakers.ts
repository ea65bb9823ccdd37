import type { StatePage, StateStore } from '../../contracts/state-store.ts';
import { type BreakerState, breakerName, readBreaker } from './breaker-state.ts';

/** A breaker as it is stored. */
export interface ListedBreaker {
  readonly name: string;
  /** `https://api.example.com`. */
  readonly origin: string;
  readonly version: number;
  /** `null`: what is stored is no state. */
  readonly state: BreakerState | null;
}

/** The breakers of a connection that are stored, or those of all connections of a tenant. */
export async function listBreakers(states: StateStore, tenant: string, connection?: string): Promise<readonly ListedBreaker[]> {
  const found: ListedBreaker[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: StatePage = await states.list(tenant, breakerName(connection), { cursor, limit: 500 });
    for (const { name, value, version } of page.entries) found.push({ name, origin: originOf(name), version, state: readBreaker(value) });
    cursor = page.cursor;
    if (cursor === null) return found;
  }
}

/** What follows the kind and the id. */
const originOf = (name: string): string => name.slice(name.indexOf(':', breakerName().length) + 1);
