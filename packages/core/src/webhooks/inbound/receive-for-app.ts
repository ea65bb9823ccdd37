import type { WebhookAnswer } from '../../connector/webhook-declaration.ts';
import { hubScope } from '../../contracts/configuration-store.ts';
import { isPatchbayError } from '../../errors/patchbay-error.ts';
import { admission, receives } from './admission.ts';
import type { WebhookDoor } from './open-door.ts';
import { type DeliveryPlace, eventsOf, publishDelivery } from './publish-delivery.ts';
import { readVerified } from './read-verified.ts';
import type { ReceiveOptions } from './receive-options.ts';
import { refused } from './refused.ts';
import { acceptedAnswer } from './sound-answer.ts';
import { isSignedBy } from './verify-signature.ts';

/**
 * Takes in a request to the URL of an app: the app's secret verifies, the connector names the account, and every connection of that account
 * that receives gets the events, each tenant apart. An account that nobody has is counted and dropped.
 */
export async function receiveForApp(options: ReceiveOptions, door: WebhookDoor): Promise<WebhookAnswer> {
  const { connector, declaration, presented, request } = door;
  const keys = options.appKeys.get(connector.id) ?? [];
  if (!declaration.accountOf) throw refused('unknown_url');
  if (keys.length === 0) throw refused('secret_missing');
  if (!isSignedBy(presented, request.body, keys)) throw refused('signature_wrong');
  const read = await readVerified(door);
  if ('challenge' in read) return read.challenge;
  const registration = `app:${connector.id}`;
  const places = await placesOf(options, { connector: connector.id, registration, account: read.account });
  const events = places.length > 0 ? await eventsOf(read.verified) : [];
  const published = await Promise.all(
    places.map((place) =>
      publishDelivery(options, place, read.verified, events).then(
        () => true,
        (error: unknown) => {
          // A connection that has gone since is as if it had never been there; what else fails is told, and the service sends again.
          if (isPatchbayError(error) && error.code === 'signature_refused') return false;
          throw error;
        },
      ),
    ),
  );
  if (!published.includes(true)) options.counts.count('unknown_account', { tenant: hubScope, registration });
  return acceptedAnswer(declaration.accepted);
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
      heldAt: null,
      holds(configuration) {
        const value = configuration.connection(connection)?.value;
        return value?.connector === connector && value.externalAccountId === account && receives(value);
      },
    });
    return { tenant, registration, connection, triggers: null, admit };
  });
}
