import { alignGate } from '../connections/align-gate.ts';
import { disconnect } from '../connections/disconnect.ts';
import { revocableToken, revocationDispatch } from '../connections/revocation.ts';
import type { OAuth2Credential } from '../connector/auth-method.ts';
import type { PinnedConnection } from '../connector/connector-catalogue.ts';
import { isFoundByIssuer } from '../connector/oauth2-fault.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { endContentOf } from './end-content-of.ts';
import { handOver } from './hand-over.ts';
import { registrationsOfEnding } from './take-registrations-away.ts';
import type { TenantScope } from './tenant-services.ts';

/**
 * Ends a connection: here at once, and at its service, where it can take grants back, through the ledger afterwards; what the hub has registered there is
 * taken away in between, as far as the service answers. A process that is lost between leaves the grant, and what is registered, at the service.
 */
export async function disconnectConnection(scope: TenantScope, found: Row<'connection'>): Promise<Row<'connection'>> {
  const { tenant, storage, cache, vault, clock, notify } = scope;
  const takesBack = await takesGrantsBack(scope, found.value);
  const takeRegistrationsAway = await registrationsOfEnding(scope, found);
  const { row, changed, sealed } = await disconnect(scope.configuration, tenant, found.id);
  cache.forget(tenant);
  vault.forget(tenant, row.id);
  try {
    await alignGate({ store: storage.configuration, gates: storage.gates }, tenant, row.id);
  } finally {
    // While the credential still works; its grant is taken back only then.
    await takeRegistrationsAway();
    // Nobody finds the grant again, so it is handed over whether the lane could be closed or not.
    if (takesBack) await takeBack(scope, { connection: row, sealed });
    await endContentOf(scope, row);
  }
  if (changed) notify('connection.disconnected', { tenant, connectionId: row.id, connectorId: row.value.connector, at: clock.now() });
  return row;
}

/** A connection that has ended, with its credential and named secrets as they were deleted. */
export interface Ending {
  readonly connection: Row<'connection'>;
  readonly sealed: readonly Row<'credential'>[];
}

/** Has the grant of an ended connection taken back, as it was when it was deleted: it may have been renewed until then. */
export async function takeBack(scope: TenantScope, { connection, sealed }: Ending): Promise<void> {
  const held = sealed.find(({ name }) => name === connection.id);
  const grant = held && (await openGrant(scope, held));
  // Opened for this once, it is not to stay in memory.
  scope.vault.forget(scope.tenant, connection.id);
  if (grant) await revokeGrant(scope, connection, grant);
}

/** Whether a connection's service takes grants back, as its connector says, or a registration, the tenant's own or the host's. */
export async function takesGrantsBack({ tenant, storage, registry, connect }: TenantScope, pinned: PinnedConnection): Promise<boolean> {
  const { connector } = pinned;
  const method = registry.findFor(pinned)?.definition.auth.find((each) => each.type === 'oauth2');
  if (!method) return false;
  const own = await storage.configuration.find(tenant, 'app', connector);
  const places = [method, own?.value.endpoints ?? method, connect.hubApps.get(connector)?.endpoints ?? method];
  // Where an issuer's metadata tell, it is for the ledger to ask.
  return places.some((each) => each.revocationUrl !== undefined || isFoundByIssuer(each));
}

/** The tokens in a credential's row. What cannot be opened cannot be taken back, and ends here all the same. */
async function openGrant({ tenant, vault }: TenantScope, held: Row<'credential'>): Promise<OAuth2Credential | null> {
  const credential = await vault.open(tenant, held).catch(() => null);
  return credential?.type === 'oauth2' ? credential : null;
}

/** Has a grant taken back at its service, through the ledger, by the token that the service wants; nothing where there is none. */
async function revokeGrant(scope: TenantScope, { value }: Row<'connection'>, credential: OAuth2Credential): Promise<void> {
  const { tenant, generateId, vault, registry } = scope;
  const { connector, major, settings } = value;
  const method = registry.findFor(value)?.definition.auth.find((each) => each.type === 'oauth2');
  const token = method && revocableToken(method, credential);
  if (!token) return;
  const root = generateId();
  const dispatch = await revocationDispatch(vault, { tenant, root, connector, major, settings, app: credential.app, token });
  await handOver(scope, dispatch);
}
