import { alignGate } from '../connections/align-gate.ts';
import { disconnect } from '../connections/disconnect.ts';
import { type Ending, revocableToken, revocationDispatch } from '../connections/revocation.ts';
import { isFoundByIssuer } from '../connector/oauth2-fault.ts';
import type { Row } from '../contracts/configuration-store.ts';
import type { TenantScope } from './tenant-services.ts';

type EndedGrant = Pick<Ending, 'app' | 'token'>;

/**
 * Ends a connection: here at once, and at its service, where it can take grants back, through the ledger afterwards. A process that is lost between the
 * two leaves the grant at the service.
 */
export async function disconnectConnection(scope: TenantScope, found: Row<'connection'>): Promise<Row<'connection'>> {
  const { tenant, storage, cache, vault, clock, notify } = scope;
  const grant = await revocableGrant(scope, found);
  const { row, changed } = await disconnect(scope.configuration, tenant, found.id);
  cache.forget(tenant);
  vault.forget(tenant, row.id);
  await alignGate({ store: storage.configuration, gates: storage.gates }, tenant, row.id);
  if (changed && grant) await revoke(scope, row, grant);
  if (changed) notify('connection.disconnected', { tenant, connectionId: row.id, connectorId: row.value.connector, at: clock.now() });
  return row;
}

/** What a service that takes grants back is told by. What cannot be opened cannot be taken back, and ends here all the same. */
async function revocableGrant(
  { tenant, storage, vault, registry }: TenantScope,
  { id, value }: Row<'connection'>,
): Promise<EndedGrant | null> {
  const method = registry.find(value.connector)?.definition.auth.find((each) => each.type === 'oauth2');
  if (!method) return null;
  const own = await storage.configuration.find(tenant, 'app', value.connector);
  const places = [method, own?.value.endpoints ?? method];
  // Where an issuer's metadata tell, it is for the ledger to ask.
  if (!places.some((each) => each.revocationUrl !== undefined || isFoundByIssuer(each))) return null;
  const held = await storage.configuration.find(tenant, 'credential', id);
  const credential = held && (await vault.open(tenant, held).catch(() => null));
  if (credential?.type !== 'oauth2') return null;
  const token = revocableToken(method, credential);
  return token && { token, app: credential.app };
}

async function revoke(scope: TenantScope, { value }: Row<'connection'>, grant: EndedGrant): Promise<void> {
  const { tenant, generateId, vault, publisher, cache } = scope;
  const root = generateId();
  const dispatch = await revocationDispatch(vault, { tenant, root, connector: value.connector, settings: value.settings, ...grant });
  await publisher.ingest({ tenant, root, dedupe: null, event: null }, async (fresh) => {
    const { revision } = await cache.read(tenant, { fresh });
    return { revision, considered: [], runs: [], dispatches: [dispatch] };
  });
}
