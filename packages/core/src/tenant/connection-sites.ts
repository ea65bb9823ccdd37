import { alignGate } from '../connections/align-gate.ts';
import type { Connection } from '../connections/connection.ts';
import { withDueAt } from '../connections/due-at.ts';
import { parseSettings } from '../connections/parse-settings.ts';
import type { ConnectorSite } from '../connector/oauth2-auth.ts';
import type { ConnectionRecord, Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { connectionRow } from './connection-row.ts';
import { accountLookUp } from './look-up-account.ts';
import type { TenantScope } from './tenant-services.ts';
import { viewConnection } from './view-connections.ts';

/** Which site of its grant a connection is to. */
export interface SiteInput {
  /** Id of the connection, `{connector}/{name}`, or a name that only one has. */
  readonly connection: string;
  /** Id of one of the sites. */
  readonly site: string;
}

/** The sites that the grant of a connection reaches now. Throws `unsupported` and `credential_missing`, and what the service answers. */
export async function connectionSites(scope: TenantScope, reference: string): Promise<readonly ConnectorSite[]> {
  return (await sitesOf(scope, await connectionRow(scope, reference))).sites;
}

/** Takes one of them: a connection that waited for the choice becomes active. Throws `not_found` for a site that the grant does not reach. */
export async function chooseConnectionSite(scope: TenantScope, { connection, site: id }: SiteInput): Promise<Connection> {
  const row = await connectionRow(scope, connection);
  const { sites, use } = await sitesOf(scope, row);
  const site = sites.find((each) => each.id === id);
  if (!site) throw noSite();
  const settings = await parseSettings(use.connector, { ...row.value.settings, ...site.settings });
  const account = await accountLookUp(scope).account({ ...use, settings });
  const { statusReason: _, ...before } = row.value;
  const chosen: ConnectionRecord = {
    ...before,
    settings,
    status: 'active',
    ...(account === null ? {} : { externalAccountId: account.id, externalAccountName: account.name }),
  };
  // What was said of its end while it waited holds from now on.
  const value = withDueAt(chosen, scope.connect.remindDays);
  const written = await scope.configuration.write(scope.tenant, [
    { put: 'connection', id: row.id, name: row.name, expect: row.version, value },
  ]);
  if (written.status === 'conflict') throw changedMeanwhile();
  const { tenant, storage, cache, notify, clock } = scope;
  cache.forget(tenant);
  await alignGate({ store: storage.configuration, gates: storage.gates }, tenant, row.id);
  const { connector: connectorId, externalAccountId } = value;
  if (row.value.status !== 'active')
    notify('connection.connected', { tenant, connectionId: row.id, connectorId, externalAccountId, at: clock.now() });
  return viewConnection(scope, { ...row, version: row.version + 1, value });
}

async function sitesOf(scope: TenantScope, row: Row<'connection'>) {
  const connector = scope.registry.get(row.value.connector);
  const held = await scope.storage.configuration.find(scope.tenant, 'credential', row.id);
  const isOpen = ['initializing', 'active'].includes(row.value.status) && held?.value.secretVersion === row.value.secretVersion;
  const credential = isOpen ? await scope.vault.open(scope.tenant, held) : null;
  if (credential === null) throw notConnected();
  if (credential.type !== 'oauth2') throw noSites(connector.id);
  const use = { id: row.id, connector, credential, settings: row.value.settings };
  const sites = await accountLookUp(scope).sites(use);
  if (sites === null) throw noSites(connector.id);
  return { sites, use };
}

const noSite = (): PatchbayError =>
  new PatchbayError({ code: 'not_found', message: 'The connection does not reach such a site. List its sites to see what there is.' });

const noSites = (connector: string): PatchbayError =>
  new PatchbayError({
    code: 'unsupported',
    message: `A connection of ${connector} with this credential has no sites to choose from. Put it with the settings that it needs.`,
  });

const notConnected = (): PatchbayError =>
  new PatchbayError({
    code: 'credential_missing',
    message: 'The connection has no permission at the service. Connect the account again.',
    sent: 'no',
  });

const changedMeanwhile = (): PatchbayError =>
  new PatchbayError({ code: 'conflict', message: 'The connection was changed at the same time. Try again.', retryable: true });
