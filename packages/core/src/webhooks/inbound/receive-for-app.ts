import { hubScope } from '../../contracts/configuration-store.ts';
import { toErrorRecord } from '../../errors/error-record.ts';
import { isPatchbayError } from '../../errors/patchbay-error.ts';
import { admission, receives } from './admission.ts';
import type { DeliveryPlace } from './delivery-place.ts';
import type { DoorAnswer } from './door/door-answer.ts';
import { NoRoomError, orKeep } from './keep-delivery.ts';
import { mayPass } from './may-pass.ts';
import type { WebhookDoor } from './open-door.ts';
import { eventsOf, partOf, publishDelivery } from './publish-delivery.ts';
import { readVerified } from './read-verified.ts';
import type { ReceiveOptions } from './receive-options.ts';
import { refused } from './refused.ts';
import { settleInParts } from './settle-in-parts.ts';
import { acceptedAnswer } from './sound-answer.ts';
import { isSignedBy } from './verify-signature.ts';

/**
 * Takes in a request to the URL of an app: the app's secret verifies, the connector names the account, and every connection of that account
 * that receives gets the events, each tenant apart. An account that nobody has is counted and dropped.
 */
export async function receiveForApp(options: ReceiveOptions, door: WebhookDoor): Promise<DoorAnswer> {
  const { connector, declaration, presented, request } = door;
  if (!(await isSignedBy(presented, request.body, options.appKeys.of(connector.id)))) throw refused('signature_wrong');
  if (door.scheme) door.pass.vouch();
  const read = await readVerified(options, door);
  if ('challenge' in read) return read.challenge;
  const registration = `app:${connector.id}`;
  const places = await placesOf(options, { connector: connector.id, registration, account: read.account });
  const events = places.length > 0 ? eventsOf(options.askConnector, read.verified) : Promise.resolve([]);
  const count = await events.then(({ length }) => length).catch(() => 1);
  const results = await settleInParts({
    items: places,
    size: Math.max(1, Math.floor(partOf(read.verified) / Math.max(1, count))),
    work: (place) =>
      orKeep(options, { place, connector: connector.id, declaration, request }, async () => {
        const its = await readFor(options, door, place);
        if (its === null) await publishDelivery(options, place, read.verified, await events);
        else await publishDelivery(options, place, its, await eventsOf(options.askConnector, its));
        return acceptedAnswer(declaration.accepted);
      }),
  });
  const failures = failuresOf(places, results);
  const isTaken = results.some(({ status }) => status === 'fulfilled');
  const [worst] = failures.toSorted((one, other) => Number(isToBeSentAgain(other)) - Number(isToBeSentAgain(one)));
  // What may pass is sent again, and so is what nobody has taken.
  if (worst && (!isTaken || isToBeSentAgain(worst))) throw worst.error;
  for (const failure of failures) tellFailure(options, connector.id, failure);
  if (!isTaken) options.counts.count('unknown_account', { tenant: hubScope, registration });
  return acceptedAnswer(declaration.accepted);
}

/** Milliseconds for which it may be out of date which major a connection is pinned to. */
const recentMs = 1_000;

/** The delivery as another major reads it that a connection is pinned to; `null` where it is the one that has read it already. */
async function readFor(options: ReceiveOptions, { connector, request }: WebhookDoor, { tenant, connection }: DeliveryPlace) {
  const { registry, cache } = options;
  if (registry.findAll(connector.id).length === 1) return null;
  const row = (await cache.recent(tenant, recentMs)).connection(connection ?? '');
  const its = row ? registry.getFor(row.value) : connector;
  const declaration = its.definition.webhook;
  if (its === connector) return null;
  if (!declaration) throw refused('not_receiving');
  const read = await readVerified(options, { connector: its, declaration, request });
  return 'challenge' in read ? null : read.verified;
}

interface Failure {
  readonly place: DeliveryPlace;
  readonly error: unknown;
}

/** What failed, and for whom. A connection that has gone since is as if it had never been there. */
function failuresOf(places: readonly DeliveryPlace[], results: readonly PromiseSettledResult<unknown>[]): readonly Failure[] {
  return places.flatMap((place, index) => {
    const result = results[index];
    if (result?.status !== 'rejected') return [];
    const error: unknown = result.reason;
    return isPatchbayError(error) && error.code === 'signature_refused' ? [] : [{ place, error }];
  });
}

/** Not for the sake of one tenant that keeps more than it has room for. */
const isToBeSentAgain = ({ error }: Failure): boolean => mayPass(error) && !(error instanceof NoRoomError);

/** Tells of a tenant that cannot be served while others are: for its sake alone the service must not send to all of them without end. */
function tellFailure({ counts, notify, clock }: ReceiveOptions, connectorId: string, { place, error }: Failure): void {
  const { tenant, registration } = place;
  counts.count('failed', place);
  counts.note('failed', place, { at: clock.now(), code: toErrorRecord(error).code, reason: null });
  const at = clock.now();
  notify('webhook.failed', {
    tenant,
    registrationId: registration,
    connectorId,
    error: toErrorRecord(error),
    reason: null,
    attempt: 1,
    at,
  });
}

interface AppDelivery {
  readonly connector: string;
  readonly registration: string;
  readonly account: string | undefined;
}

async function placesOf(
  { store, cache }: ReceiveOptions,
  { connector, registration, account }: AppDelivery,
): Promise<readonly DeliveryPlace[]> {
  if (typeof account !== 'string' || account === '') return [];
  const found = await store.locateAccount(connector, account);
  return found.map(({ tenant, connection }) => {
    const admit = admission({
      cache,
      tenant,
      heldIn: null,
      holds(configuration) {
        const value = configuration.connection(connection)?.value;
        return value?.connector === connector && value.externalAccountId === account && receives(value);
      },
    });
    return { tenant, registration, connection, triggers: null, admit };
  });
}
