import { alignGate } from '../connections/align-gate.ts';
import type { Connection } from '../connections/connection.ts';
import { withDueAt } from '../connections/due-at.ts';
import { parseSettings } from '../connections/parse-settings.ts';
import type { ConnectorSite } from '../connector/oauth2-auth.ts';
import type { ConnectionRecord } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import { connectionRow } from './connection-row.ts';
import { noticeMissingScopes } from './connection-scopes.ts';
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
  const { sites, use, row } = await sitesOf(scope, await connectionRow(scope, connection));
  const site = sites.find((each) => each.id === id);
  if (!site) throw noSite();
  const settings = await parseSettings(use.connector, { ...row.value.settings, ...site.settings });
  const account = await accountLookUp(scope).account({ ...use, settings });
  const { statusReason: _, ...before } = row.value;
  const isOther = canonicalJson(settings) !== canonicalJson(before.settings);
  // At another site the account may be another one, and whose it is decides whose events come in.
  const known = account === null && isOther ? { id: null, name: null } : account;
  const chosen: ConnectionRecord = {
    ...before,
    settings,
    status: 'active',
    ...(known === null ? {} : { externalAccountId: known.id, externalAccountName: known.name }),
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
  if (row.value.status !== 'active') await noticeMissingScopes(scope, ({ id: each }) => each === row.id);
  return viewConnection(scope, { ...row, version: row.version + 1, value });
}

async function sitesOf(scope: TenantScope, row: Row<'connection'>) {
  const { tenant, registry, refresher, storage } = scope;
  const connector = registry.getFor(row.value);
  const held = await storage.configuration.find(tenant, 'credential', row.id);
  const isOpen = ['initializing', 'active'].includes(row.value.status) && held?.value.secretVersion === row.value.secretVersion;
  const opened = isOpen ? await scope.vault.open(tenant, held) : null;
  if (opened === null || !isOpen) throw notConnected();
  if (opened.type !== 'oauth2') throw noSites(connector.id);
  // A person may take their time to choose, longer than an access token lives.
  const grant = await refresher.fresh(tenant, { connection: row, held, credential: opened });
  if (grant?.credential.type !== 'oauth2') throw notConnected();
  const { credential, connection } = grant;
  const use = { id: row.id, connector, credential, settings: connection.value.settings };
  const sites = await accountLookUp(scope).sites(use);
  if (sites === null) throw noSites(connector.id);
  return { sites, use, row: connection };
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
