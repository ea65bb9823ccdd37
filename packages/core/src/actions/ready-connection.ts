import type { ConfigurationCache } from '../configuration/create-configuration-cache.ts';
import type { CredentialVault } from '../connections/credential-vault.ts';
import type { Credential } from '../connector/auth-method.ts';
import type { Row } from '../contracts/configuration-store.ts';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { Outcome } from '../contracts/executor.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';

/** Milliseconds for which a connection is used without asking the store whether it has changed in another process. */
const trustedFor = 1_000;

/** Milliseconds until a dispatch whose connection is not active is looked at again; normally its lane is closed until then anyway. */
const lookAgainIn = 10_000;

/** A connection that can be used now, with its credential. */
export interface ReadyConnection {
  readonly connection: Row<'connection'>;
  readonly credential: Credential;
}

/** What finding one needs. */
export interface ReadyConnectionOptions {
  readonly cache: ConfigurationCache;
  readonly vault: CredentialVault;
}

/**
 * The connection of a dispatch with its credential, or what becomes of the dispatch without it: one whose connection is not active waits and
 * uses no attempt. Nothing has been sent, so a store or a key provider that is away is a failure to be tried again. Never throws.
 */
export async function readyConnection(
  { cache, vault }: ReadyConnectionOptions,
  dispatch: ClaimedDispatch,
  connector: string,
): Promise<ReadyConnection | Outcome> {
  const { tenant } = dispatch.key;
  const id = dispatch.connection ?? '';
  try {
    const configuration = await cache.recent(tenant, trustedFor);
    const connection = configuration.connection(id);
    if (connection?.value.connector !== connector) return missing('The connection is gone, so nothing was sent. Name another one.');
    if (connection.value.status !== 'active') return { outcome: 'deferred', delayMs: lookAgainIn, reason: 'connection' };
    const held = configuration.credential(id);
    if (held?.value.secretVersion !== connection.value.secretVersion)
      return missing("The credential in the store is not the connection's last one, so nothing was sent. Put the connection again.");
    return { connection, credential: await vault.open(tenant, held) };
  } catch (error) {
    return { outcome: 'failed', error: toErrorRecord(error), retryable: !isPatchbayError(error) || error.retryable };
  }
}

/** True where the connection has another credential by now, or none: what failed for the old one may pass. */
export async function isCredentialReplaced({ cache }: ReadyConnectionOptions, dispatch: ClaimedDispatch, used: number): Promise<boolean> {
  const connection = (await cache.refresh(dispatch.key.tenant))?.connection(dispatch.connection ?? '');
  return connection !== undefined && connection.value.secretVersion !== used;
}

function missing(message: string): Outcome {
  return { outcome: 'failed', error: { code: 'credential_missing', message }, retryable: false };
}
