import type { TenantConfiguration } from '../../configuration/tenant-configuration.ts';
import type { Row } from '../../contracts/configuration-store.ts';
import type { RefusalReason } from '../../notices/webhook-notices.ts';
import { admission, receives } from './admission.ts';
import { comesFromNamed } from './door/comes-from.ts';
import type { DoorAnswer } from './door/door-answer.ts';
import { findCurrent } from './find-current.ts';
import { orKeep } from './keep-delivery.ts';
import { offeredSecretIn } from './offered-secret.ts';
import { doorOf, type WebhookDoor } from './open-door.ts';
import { eventsOf, publishDelivery } from './publish-delivery.ts';
import { readVerified } from './read-verified.ts';
import type { ReceiveOptions } from './receive-options.ts';
import { RefusedError, refused } from './refused.ts';
import { acceptedAnswer } from './sound-answer.ts';
import { isSignedBy, isSignedByNobody } from './verify-signature.ts';
import type { LiveKeys } from './webhook-keys.ts';

/** Takes in a request to the URL of a registration. */
export async function receiveForRegistration(options: ReceiveOptions, door: WebhookDoor, id: string): Promise<DoorAnswer> {
  const { cache } = options;
  const offered = await offeredSecretIn(door);
  const tenant = await options.locateTenant(id);
  if (tenant === null) {
    await isSignedByNobody(door.presented, door.request.body);
    throw refused('unknown_url');
  }
  const find = (configuration: TenantConfiguration) => signedRegistration(options, door, { tenant, id, configuration });
  const found = await findCurrent(cache, { tenant, find, reasonIn: (current) => reasonOf(door, id, current) }).catch(
    async (error: unknown) => {
      if (offered === undefined || !isWrongSignature(error)) throw error;
      if (!(await options.keepOffered({ tenant, registration: id }, offered))) throw error;
      cache.forget(tenant);
      return null;
    },
  );
  if (!found) return acceptedAnswer(door.declaration.accepted);
  const { found: row, configuration } = found;
  const its = pinnedDoor(options, door, { configuration, row }) ?? door;
  if (its.scheme) door.pass.vouch();
  const { connection, triggers } = row.value;
  const holds = async (now: TenantConfiguration) => (await find(now)) !== undefined;
  const admit = admission({ cache, tenant, heldIn: configuration, holds });
  const place = { tenant, registration: id, connection, triggers, admit };
  const { connector, declaration, request } = its;
  return orKeep(options, { place, connector: connector.id, declaration, request }, async () => {
    const read = await readVerified(options, its);
    if ('challenge' in read) return read.challenge;
    await publishDelivery(options, place, read.verified, await eventsOf(options.askConnector, read.verified));
    return acceptedAnswer(declaration.accepted);
  });
}

/** The registration is there and receives, and none of its secrets made the signature. */
function isWrongSignature(error: unknown): boolean {
  return error instanceof RefusedError && error.reason === 'signature_wrong';
}

/** What kept a request out, for the host. */
function reasonOf(
  { connector, address }: Pick<WebhookDoor, 'connector' | 'address'>,
  id: string,
  configuration: TenantConfiguration,
): RefusalReason {
  const row = configuration.registration(id);
  if (row?.value.connector !== connector.id) return 'unknown_url';
  const connection = configuration.connection(row.value.connection);
  if (!connection || !receives(connection.value)) return 'not_receiving';
  return isTakenFrom(row, address) ? 'signature_wrong' : 'address_refused';
}

/** The registration, where it is this connector's, its connection receives, and one of its live secrets signed the request. */
async function signedRegistration(
  options: ReceiveOptions,
  door: WebhookDoor,
  place: { readonly tenant: string; readonly id: string; readonly configuration: TenantConfiguration },
): Promise<Row<'registration'> | undefined> {
  const { tenant, id, configuration } = place;
  const row = receivingRegistration(configuration, id, door);
  const its = row && pinnedDoor(options, door, { configuration, row });
  const { presented, request } = its ?? door;
  const live = row && its ? await liveKeys(options, its, { tenant, row }) : { keys: [], failure: null };
  if (row && its && (await isSignedBy(presented, request.body, live.keys))) return row;
  if (live.failure) throw live.failure;
  if (live.keys.length === 0) await isSignedByNobody(presented, request.body);
  return undefined;
}

/** The request as the major takes it that the registration's connection is pinned to. */
function pinnedDoor(
  options: ReceiveOptions,
  door: WebhookDoor,
  { configuration, row }: { readonly configuration: TenantConfiguration; readonly row: Row<'registration'> },
): WebhookDoor | undefined {
  const connection = configuration.connection(row.value.connection);
  const connector = connection && options.registry.findFor(connection.value);
  return connector && doorOf(options, door, { connector, registration: row.id });
}

/** The keys of the one who is to have signed. What a person has set up is never let in by the app's. */
async function liveKeys(
  { keys, appKeys }: Pick<ReceiveOptions, 'keys' | 'appKeys'>,
  { connector, scheme, signedBy }: WebhookDoor,
  { tenant, row }: { readonly tenant: string; readonly row: Row<'registration'> },
): Promise<LiveKeys> {
  if (signedBy === 'app') return { keys: row.value.subscription ? appKeys.of(connector.id) : [], failure: null };
  return scheme ? keys.of({ tenant, row, scheme }) : { keys: [], failure: null };
}

/** The registration, where it is this connector's, takes deliveries from the address, and its connection receives. */
function receivingRegistration(
  configuration: TenantConfiguration,
  id: string,
  { connector, address }: Pick<WebhookDoor, 'connector' | 'address'>,
): Row<'registration'> | undefined {
  const row = configuration.registration(id);
  if (row?.value.connector !== connector.id || !isTakenFrom(row, address)) return undefined;
  const connection = configuration.connection(row.value.connection);
  return connection && receives(connection.value) ? row : undefined;
}

function isTakenFrom({ value }: Row<'registration'>, address: Uint8Array | null): boolean {
  return value.addresses === undefined || comesFromNamed(address, value.addresses);
}
