import type { CredentialRecord } from '../contracts/configuration-records.ts';
import { tokenCallMs } from '../oauth/token-transport.ts';
import type { Grant, RefreshOptions } from './refresh-options.ts';

/** Milliseconds after which a server works no more on a request that its caller has left: three times what such a call may take. */
export const settledAfterMs = 3 * tokenCallMs;

/** That a refresh token is being sent, beside the credential that holds it. */
export interface RefreshMark {
  readonly tenant: string;
  /** As it was before. */
  readonly grant: Grant;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
}

type Store = Pick<RefreshOptions, 'store'>;

/** Writes that it is being sent. False where the credential is another by now, or somebody else is sending it. */
export async function markRefresh(options: Store, { grant, sentAt, tenant }: RefreshMark): Promise<boolean> {
  return write(options, { tenant, grant, from: grant.held.value.refreshSentAt, to: { refreshSentAt: sentAt } }, grant.held);
}

/** Takes that away again, also where this process was not told that it stands there, and writes before when nobody sends it again. */
export async function unmarkRefresh(
  options: Store,
  { grant, sentAt, tenant, againAt }: RefreshMark & { readonly againAt: number | undefined },
): Promise<void> {
  const held = await options.store.find(tenant, 'credential', grant.connection.id);
  await write(options, { tenant, grant, from: sentAt, to: againAt === undefined ? {} : { refreshAgainAt: againAt } }, held);
}

/** True while a server may still work on a request with the refresh token of this grant that nobody waits for any more. */
export function mayBeWorkedOn({ held }: Pick<Grant, 'held'>, now: number): boolean {
  const leftMs = (held.value.refreshAgainAt ?? 0) - now;
  // A clock that was ahead keeps nobody waiting for longer.
  return leftMs > 0 && leftMs <= settledAfterMs;
}

interface Change {
  readonly tenant: string;
  readonly grant: Grant;
  readonly from: number | undefined;
  readonly to: Pick<CredentialRecord, 'refreshSentAt' | 'refreshAgainAt'>;
}

/** The row of the same credential may have been written meanwhile, as by a rewrap: then it is read again. */
async function write({ store }: Store, { tenant, grant, from, to }: Change, seen: Grant['held'] | null): Promise<boolean> {
  for (let held = seen; ; held = await store.find(tenant, 'credential', grant.connection.id)) {
    if (held?.value.secretVersion !== grant.held.value.secretVersion || held.value.refreshSentAt !== from) return false;
    const { refreshSentAt: _, refreshAgainAt: __, ...value } = held.value;
    const next = { ...value, ...to };
    const verdict = await store.write(tenant, [{ put: 'credential', id: held.id, name: held.name, expect: held.version, value: next }]);
    if (verdict.status === 'written') return true;
  }
}
