import { sleep } from '../clock/sleep.ts';
import type { ConnectionRecord } from '../contracts/configuration-records.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import { alignGate } from './align-gate.ts';
import { isExpired } from './due-at.ts';
import { type HeldCredential, tokenOf } from './held-credential.ts';
import { awaitsSite } from './holds-place.ts';
import type { Grant, RefreshOptions } from './refresh-options.ts';

/** Milliseconds for which tokens are held on to while the store is away: without them the grant would be lost. */
const patienceMs = 60_000;

/** Milliseconds between two tries at a store that is away. */
const pauseMs = 500;

/** New tokens and the grant that they come from. */
export interface NewTokens {
  readonly tenant: string;
  readonly grant: Grant;
  readonly credential: HeldCredential;
  readonly scopes: readonly string[] | null;
}

/**
 * Stores new tokens before anybody uses them, and brings the connection back where it was not active. False where the connection has another
 * credential by now, or has ended: those hold.
 */
export async function storeTokens(options: RefreshOptions, tokens: NewTokens): Promise<boolean> {
  const { isStored, mayHaveMoved } = await keepTrying(options, () => write(options, tokens));
  // By itself, so that a fault here does not look like another's credential: a lane that stays closed is opened by nobody else.
  if (mayHaveMoved) await keepTrying(options, () => alignGate(options, tokens.tenant, tokens.grant.connection.id));
  return isStored;
}

interface Stored {
  readonly isStored: boolean;
  /** The connection has another status now. Also where the answer of a write was lost, which looks like another's credential. */
  readonly mayHaveMoved: boolean;
}

async function write({ store, vault, clock }: RefreshOptions, tokens: NewTokens): Promise<Stored> {
  const { tenant, grant, credential, scopes } = tokens;
  for (;;) {
    const connection = await store.get(tenant, 'connection', grant.connection.id);
    const held = await store.find(tenant, 'credential', grant.connection.id);
    // Its row is written for other reasons too, such as another data key: what tells the credential is its own version.
    const isSame = held?.value.secretVersion === grant.held.value.secretVersion;
    if (!connection || connection.value.status === 'disconnected' || !isSame) return { isStored: false, mayHaveMoved: true };
    const { statusReason: _, ...before } = connection.value;
    const usability = usabilityOf(connection.value, clock.now());
    const secretVersion = before.secretVersion + 1;
    const sealed = await vault.seal({ tenant, connection: connection.id, secretVersion }, credential);
    const granted = scopes === null ? {} : { grantedScopes: [...scopes].sort() };
    const expiresAt = tokenOf(credential)?.expiresAt;
    const verdict = await store.write(tenant, [
      {
        put: 'connection',
        id: connection.id,
        name: connection.name,
        expect: connection.version,
        value: { ...before, ...granted, ...usability, secretVersion },
      },
      {
        put: 'credential',
        id: held.id,
        name: held.name,
        expect: held.version,
        value: {
          connection: connection.id,
          kind: credential.type,
          sealed,
          secretVersion,
          ...(expiresAt === undefined ? {} : { expiresAt }),
          ...(held.value.previous === undefined ? {} : { previous: held.value.previous }),
        },
      },
    ]);
    if (verdict.status === 'conflict') continue;
    return { isStored: true, mayHaveMoved: connection.value.status !== usability.status };
  }
}

/**
 * A good token brings back what had ended. That an account cannot be used is for a look to say, and to take back; which of its sites is used for a
 * person; and that the credential has ended for the host, who has said so.
 */
function usabilityOf(record: ConnectionRecord, now: number): Pick<ConnectionRecord, 'status' | 'statusReason'> {
  if (awaitsSite(record)) return { status: record.status, statusReason: 'choose_site' };
  if (record.status === 'error') return { status: record.status, statusReason: 'unhealthy' };
  const hasEnded = record.status === 'token_expired' && isExpired(record, now);
  return hasEnded ? { status: record.status, statusReason: 'expired' } : { status: 'active' };
}

/** Does what must not be left undone again while the store is away. Throws what it threw last. */
export async function keepTrying<Result>({ clock }: Pick<RefreshOptions, 'clock'>, act: () => Promise<Result>): Promise<Result> {
  const end = clock.monotonic() + patienceMs;
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!isPatchbayError(error) || !error.retryable || clock.monotonic() >= end) throw error;
      await sleep(clock, pauseMs);
    }
  }
}

/** The error for a token that cannot be had at the moment: the grant stays as it is. */
export const cannotRefresh = (cause: unknown): PatchbayError =>
  new PatchbayError({
    code: 'provider_unavailable',
    message: 'There is no access token that can be used, and none can be got at the moment. Nothing was sent; it is tried again.',
    retryable: true,
    sent: 'no',
    cause,
  });
