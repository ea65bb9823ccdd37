import { createHash } from 'node:crypto';
import { formatDispatchId, parseDispatchId } from '../contracts/dispatch-id.ts';
import type { DispatchKey } from '../contracts/dispatch-records.ts';
import type { StateStore } from '../contracts/state-store.ts';

/** A wait that somebody who has an event of its type can find. */
export interface WaitRegistration {
  readonly name: string;
  readonly key: DispatchKey;
}

const prefixOf = (type: string): string => `wait:${type}:`;

/** The name of a wait's entry: the same one however often it is written. */
function nameOf(type: string, id: string): string {
  return `${prefixOf(type)}${createHash('sha256').update(id).digest('base64url').slice(0, 32)}`;
}

/** Lets a wait be found by its type. Repeating it changes nothing. */
export async function registerWait(states: StateStore, type: string, key: DispatchKey): Promise<void> {
  const id = formatDispatchId(key);
  await states.write([{ tenant: key.tenant, name: nameOf(type, id), expect: 'any', value: id }]);
}

/** Takes a wait away that has ended. */
export async function forgetWait(states: StateStore, type: string, key: DispatchKey): Promise<void> {
  await states.write([{ tenant: key.tenant, name: nameOf(type, formatDispatchId(key)), expect: 'any', value: null }]);
}

/** Waits for a type of event, page by page. */
export async function* registeredWaits(states: StateStore, tenant: string, type: string): AsyncGenerator<readonly WaitRegistration[]> {
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<StateStore['list']>> = await states.list(tenant, prefixOf(type), { cursor, limit: 100 });
    yield page.entries.flatMap(({ name, value }) => {
      const key = typeof value === 'string' ? parseDispatchId(tenant, value) : null;
      return key === null ? [] : [{ name, key }];
    });
    cursor = page.cursor;
    if (cursor === null) return;
  }
}
