import type { ConfigurationCache } from '../configuration/create-configuration-cache.ts';
import { sameRevision } from '../configuration/same-revision.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { ChangeStatusOptions } from '../connections/change-status.ts';
import type { Refresher } from '../connections/create-refresher.ts';
import type { CredentialVault } from '../connections/credential-vault.ts';
import { expireConnection } from '../connections/expire-connection.ts';
import { type HeldCredential, mayBeGrant } from '../connections/held-credential.ts';
import type { AnyDefinition } from '../connector/connector-definition.ts';
import { readsChoices } from '../connector/connector-values.ts';
import { majorOf } from '../connector/major-of.ts';
import type { ConnectorChoices } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { Outcome } from '../contracts/executor.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { standingIn } from './standing-in.ts';

/** Milliseconds for which a connection is used without asking the store whether it has changed in another process. */
const trustedFor = 1_000;

/** Milliseconds until a dispatch whose connection is not active is looked at again; normally its lane is closed until then anyway. */
const lookAgainIn = 10_000;

/** A connection that can be used now, with its credential. */
export interface ReadyConnection {
  readonly connection: Row<'connection'>;
  readonly credential: HeldCredential;
  /** What the tenant has set for its connector. */
  readonly choices: ConnectorChoices | undefined;
}

/** What finding one needs. */
export interface ReadyConnectionOptions {
  readonly cache: ConfigurationCache;
  readonly vault: CredentialVault;
  readonly refresher: Refresher;
  readonly status: ChangeStatusOptions;
}

/**
 * The connection of a dispatch with its credential, as it stands in the connector's major; a dispatch whose connection is not active waits, and uses no
 * attempt, and one that nobody can tell how it stands in that major is held. Throws
 * `credential_missing` for a connection that is gone and a credential that is not its last one, and what store and vault throw.
 */
export async function readyConnection(
  { cache, vault, refresher, status }: ReadyConnectionOptions,
  dispatch: ClaimedDispatch,
  connector: AnyDefinition,
): Promise<ReadyConnection | Outcome> {
  const { tenant } = dispatch.key;
  const id = dispatch.connection ?? '';
  const major = majorOf(connector.version);
  const isReady = (known: TenantConfiguration): boolean =>
    known.connection(id)?.value.status === 'active' &&
    (known.connection(id)?.value.major ?? major) === major &&
    !known.choices(connector.id)?.off.actions.includes(dispatch.operation) &&
    known.credential(id)?.value.secretVersion === known.connection(id)?.value.secretVersion;
  const recent = plannedConfiguration(cache, dispatch) ?? (await cache.recent(tenant, trustOf(dispatch, connector)));
  // What cannot be used may have been put or turned on in another process a moment ago, together with what needs it.
  const ready = isReady(recent) ? recent : await cache.read(tenant, { fresh: true });
  // What a confined one may touch is asked of the store each time: a refusal is final, and so is what was sent.
  const configuration = ready.connection(id)?.value.confinedTo ? await cache.current(tenant) : ready;
  const connection = configuration.connection(id);
  if (connection?.value.connector !== connector.id) throw missing('The connection is gone, so nothing was sent. Name another one.');
  const standing = standingIn(connection, major);
  if (standing === null) return movedAway(connector.id, major, connection);
  if (connection.value.status !== 'active') return { outcome: 'deferred', delayMs: lookAgainIn, reason: 'connection' };
  if (await expireConnection(status, { tenant, connection })) {
    cache.forget(tenant);
    return { outcome: 'deferred', delayMs: lookAgainIn, reason: 'connection' };
  }
  const held = configuration.credential(id);
  if (held?.value.secretVersion !== connection.value.secretVersion)
    throw missing("The credential in the store is not the connection's last one, so nothing was sent. Put the connection again.");
  const choices = configuration.choices(connector.id);
  const credential = await vault.open(tenant, held);
  if (!mayBeGrant(credential)) return { connection: standing, credential, choices };
  const fresh = await refresher.fresh(tenant, { connection, held, credential });
  if (fresh && fresh.credential !== credential) cache.forget(tenant);
  // Its end may have come while it was renewed.
  const isOver = fresh !== null && (await expireConnection(status, { tenant, connection: fresh.connection }));
  if (isOver) cache.forget(tenant);
  const renewed = fresh && standingIn(fresh.connection, major);
  if (fresh && renewed === null) return movedAway(connector.id, major, fresh.connection);
  return fresh && renewed && !isOver
    ? { ...fresh, connection: renewed, choices }
    : { outcome: 'deferred', delayMs: lookAgainIn, reason: 'connection' };
}

/** The configuration that the dispatch was committed with a moment ago, where this process still has it: nobody need be asked. */
function plannedConfiguration(cache: ConfigurationCache, { key, plannedWith }: ClaimedDispatch): TenantConfiguration | undefined {
  const known = plannedWith && cache.peek(key.tenant);
  return known && sameRevision(known.revision, plannedWith) ? known : undefined;
}

/**
 * What a tenant sets holds for every event that is committed after it. Where the connector's code reads it, it is therefore taken from no look
 * that is older than the dispatch; both of its times are the store's, so their distance is no matter of clocks.
 */
function trustOf({ storeNow, createdAt }: ClaimedDispatch, connector: AnyDefinition): number {
  return readsChoices(connector) ? Math.min(trustedFor, Math.max(0, storeNow - createdAt)) : trustedFor;
}

/** Renews the access token that a service has refused, where it can be; a token that cannot be is left as it is. */
export async function renewRefused(
  { refresher, cache, vault }: ReadyConnectionOptions,
  dispatch: ClaimedDispatch,
  used: number,
): Promise<void> {
  const { tenant } = dispatch.key;
  const configuration = await cache.recent(tenant, 0);
  const connection = configuration.connection(dispatch.connection ?? '');
  const held = configuration.credential(dispatch.connection ?? '');
  if (connection?.value.secretVersion !== used || held?.value.secretVersion !== used) return;
  const credential = await vault.open(tenant, held);
  if (!mayBeGrant(credential)) return;
  await refresher.fresh(tenant, { connection, held, credential }, { isRefused: true });
  cache.forget(tenant);
}

/** True where the connection has another credential by now, or none: what failed for the old one may pass. */
export async function isCredentialReplaced({ cache }: ReadyConnectionOptions, dispatch: ClaimedDispatch, used: number): Promise<boolean> {
  const connection = (await cache.recent(dispatch.key.tenant, 0)).connection(dispatch.connection ?? '');
  // One that is not active any more is waited for: what was refused with it may pass when it is.
  return connection !== undefined && (connection.value.secretVersion !== used || connection.value.status !== 'active');
}

/** It waits for a person: what it was planned for is not what the connection is now, and nothing of it may be lost. */
function movedAway(connector: string, major: number, { value }: Row<'connection'>): Outcome {
  const message = `It was planned for ${connector}@${major}. Its connection has been moved to major ${value.major} and changed since, so nothing was sent. Migrate the connection back and retry it, or decide with dispatches.resolve.`;
  return { outcome: 'held', error: { code: 'connection_moved', message } };
}

function missing(message: string): PatchbayError {
  return new PatchbayError({ code: 'credential_missing', message, sent: 'no' });
}
