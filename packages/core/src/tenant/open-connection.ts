import { expireConnection } from '../connections/expire-connection.ts';
import { endsByRenewal, type HeldCredential, mayBeGrant } from '../connections/held-credential.ts';
import type { ConnectionStatus } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { SessionOptions } from '../gateway/gateway-options.ts';
import { type GatewaySession, openSession } from '../gateway/open-session.ts';
import type { HeldConnection } from './known-connection.ts';
import { statusOptions } from './status-options.ts';
import type { TenantScope } from './tenant-services.ts';

/** A use of a connection, and which of its credentials is used. */
export interface OpenedConnection extends GatewaySession {
  readonly secretVersion: number;
}

/** Times that a connection may be put anew between the two reads. */
const readTries = 5;

/**
 * Opens a use of a connection outside the ledger: a health check, a request of the host. Throws `credential_missing` where it is not active,
 * and where the credential in the store is not its last one.
 */
export async function openConnection(scope: TenantScope, row: Row<'connection'>, use: Use): Promise<OpenedConnection> {
  return sessionOf(scope, await usable(scope, row, forUse), use);
}

/** The same with what has been read of it already. */
export async function openHeldConnection(scope: TenantScope, known: HeldConnection, use: Use): Promise<OpenedConnection> {
  return sessionOf(scope, await opened(scope, known), use);
}

/** Who uses a connection, and for how long. */
type Use = Pick<SessionOptions, 'author' | 'signal' | 'maximumWaitMs' | 'mayRetry' | 'transforms'> & {
  readonly timeoutMs: number;
  /** Monotonic time at which its time is over. @default `timeoutMs` after it was opened */
  readonly endsAt?: number;
};

function sessionOf({ registry, gateway, clock, tenant }: TenantScope, { connection, credential }: Opened, use: Use): OpenedConnection {
  const now = clock.monotonic();
  const end = use.endsAt ?? now + use.timeoutMs;
  const session = openSession(gateway, {
    tenant,
    connection,
    definition: registry.getFor(connection.value).definition,
    credential,
    signal: use.signal,
    author: use.author,
    mayRetry: use.mayRetry ?? true,
    // Nobody else could take it over meanwhile, so its time is its own.
    maximumWaitMs: Math.max(0, Math.min(use.maximumWaitMs ?? use.timeoutMs, end - now)),
    ...(use.transforms ? { transforms: use.transforms } : {}),
    deadline: () => end,
    key: null,
  });
  return { ...session, secretVersion: connection.value.secretVersion };
}

/**
 * A connection with its credential, to look whether it works: also where a look before has shown that it did not. Throws as `openConnection`
 * does; a grant that has ended is not looked at, because no look brings it back.
 */
export async function openToCheck(scope: TenantScope, row: Row<'connection'>): Promise<Opened> {
  const opened = await usable(scope, row, forCheck);
  const { auth } = scope.registry.getFor(opened.connection.value).definition;
  if (opened.connection.value.status === 'token_invalid' && endsByRenewal(auth, opened.credential))
    throw missing('The permission at the service has ended, so nothing was sent. Connect the account again.');
  return opened;
}

/** True where an access token that the service has refused is another by now, or was renewed just now. Never throws. */
export async function isRenewed(scope: TenantScope, row: Row<'connection'>, used: number): Promise<boolean> {
  const { tenant, vault, refresher } = scope;
  try {
    const { connection, held } = await readTogether(scope, row, forCheck);
    if (connection.value.secretVersion !== used) return true;
    const credential = await vault.open(tenant, held);
    if (!mayBeGrant(credential)) return false;
    const fresh = await refresher.fresh(tenant, { connection, held, credential }, { isRefused: true });
    return fresh !== null && fresh.connection.value.secretVersion !== used;
  } catch {
    // The service's own answer says more than why the token could not be renewed.
    return false;
  }
}

/** A connection with a credential that can be used now. */
export interface Opened {
  readonly connection: Row<'connection'>;
  readonly credential: HeldCredential;
}

type Statuses = ReadonlySet<ConnectionStatus>;

const forUse: Statuses = new Set(['active']);
const forCheck: Statuses = new Set(['active', 'error', 'token_invalid']);

/** An access token that is due is renewed first. */
async function usable(scope: TenantScope, row: Row<'connection'>, statuses: Statuses): Promise<Opened> {
  return opened(scope, await readTogether(scope, row, statuses));
}

async function opened(scope: TenantScope, { connection, held }: HeldConnection): Promise<Opened> {
  const { tenant, vault, refresher } = scope;
  await requireTime(scope, connection);
  const credential = await vault.open(tenant, held);
  if (!mayBeGrant(credential)) return { connection, credential };
  const fresh = await refresher.fresh(tenant, { connection, held, credential });
  if (!fresh) throw missing('The permission at the service has ended, so nothing was sent. Connect the account again.');
  // What is known of it is of before.
  if (fresh.credential !== credential) scope.cache.forget(tenant);
  // Its end may have come while it was renewed.
  await requireTime(scope, fresh.connection);
  return fresh;
}

async function requireTime(scope: TenantScope, connection: Row<'connection'>): Promise<void> {
  const { tenant, cache } = scope;
  if (!(await expireConnection(statusOptions(scope), { tenant, connection }))) return;
  cache.forget(tenant);
  throw missing('The time of the credential is over, so nothing was sent. Put the connection with a new one.');
}

/** Both rows of one version: a new credential must not go to the origin of the settings before it, and an old one nowhere. */
async function readTogether(
  { tenant, storage }: Pick<TenantScope, 'tenant' | 'storage'>,
  row: Row<'connection'>,
  statuses: Statuses,
): Promise<HeldConnection> {
  let connection: Row<'connection'> | null = row;
  for (let tries = 0; tries < readTries; tries += 1) {
    const held = await storage.configuration.find(tenant, 'credential', row.id);
    if (!held || !connection || !statuses.has(connection.value.status))
      throw missing('The connection is not active, so nothing was sent. Connect the account again.');
    if (held.value.secretVersion === connection.value.secretVersion) return { connection, held };
    connection = await storage.configuration.get(tenant, 'connection', row.id);
  }
  throw missing("The credential in the store is not the connection's last one, so nothing was sent. Put the connection again.");
}

function missing(message: string): PatchbayError {
  return new PatchbayError({ code: 'credential_missing', message, sent: 'no' });
}
