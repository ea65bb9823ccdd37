import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { ResolvedAction } from '../connector/resolve-action.ts';
import { requireTurnedOn, turnedOffReason } from '../connector/turned-off.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isUuid } from '../id/is-uuid.ts';
import { connectionRow } from './connection-row.ts';
import { notFound } from './not-found.ts';
import type { TenantScope } from './tenant-services.ts';

/** The connection that a call of an action goes through, by name or id. Throws `not_found`, and `invalid_argument` for one of another connector. */
export async function connectionOfAction(
  scope: TenantScope,
  { connector, action }: ResolvedAction,
  reference: string,
): Promise<Row<'connection'>> {
  const connection = await connectionRow(scope, referenceWithin(connector.id, reference));
  if (connection.value.connector === connector.id) return connection;
  throw new PatchbayError({
    code: 'invalid_argument',
    message: `The connection is one of ${connection.value.connector}, and ${connector.id}.${action} needs one of ${connector.id}.`,
  });
}

/** A bare name means a connection of the connector that is asked for. Throws `not_found` for what is no reference. */
export function referenceWithin(connector: string, reference: unknown): string {
  if (isUuid(reference)) return reference;
  if (typeof reference !== 'string' || reference === '') throw notFound('connection');
  return reference.includes('/') ? reference : `${connector}/${reference}`;
}

/** The configuration under which an action is called. Throws `turned_off`, but not by what another process has changed since. */
export async function turnedOn(
  { tenant, cache }: TenantScope,
  { connector, action }: ResolvedAction,
  fresh: boolean,
): Promise<TenantConfiguration> {
  const known = await cache.read(tenant, { fresh });
  const place = { connector: connector.id, action };
  const configuration = turnedOffReason(known.choices(connector.id), place) === undefined ? known : await cache.current(tenant);
  requireTurnedOn(configuration.choices(connector.id), place);
  return configuration;
}
