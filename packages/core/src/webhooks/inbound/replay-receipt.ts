import type { TenantConfiguration } from '../../configuration/tenant-configuration.ts';
import type { FullReceipt } from '../../contracts/receipt-store.ts';
import { isPatchbayError, PatchbayError } from '../../errors/patchbay-error.ts';
import { admission, receives } from './admission.ts';
import type { DeliveryPlace } from './delivery-place.ts';
import { isOurs } from './keep-delivery.ts';
import { eventsOf, publishDelivery } from './publish-delivery.ts';
import { readVerified } from './read-verified.ts';
import type { ReceiveOptions } from './receive-options.ts';
import { publishReceived } from './receivers/publish-received.ts';
import { receiverOf } from './receivers/receive-for-receiver.ts';

/**
 * Takes a kept delivery in again, on the way that it came and with the code and the configuration of today; its signature was found good when it came. Its
 * events have the dedupe keys that they had then, so none becomes a second one. Answers how many were wanted. Throws what keeps it from becoming
 * events, `not_found` where what it came through has ended, and `unknown_connector`.
 */
export async function replayReceipt(options: ReceiveOptions, receipt: FullReceipt): Promise<number> {
  try {
    return receipt.connector === null ? await receiveAgain(options, receipt) : await publishAgain(options, receipt, receipt.connector);
  } catch (error) {
    if (isPatchbayError(error) && error.code === 'signature_refused') throw ended();
    // It stays kept: nobody else sends it again.
    if (isPatchbayError(error) && error.retryable && isOurs(error))
      throw new PatchbayError({ code: error.code, message: error.message, cause: error });
    throw error;
  }
}

async function publishAgain(options: ReceiveOptions, receipt: FullReceipt, connectorId: string): Promise<number> {
  const { askConnector, cache, registry } = options;
  const configuration = await cache.current(receipt.tenant);
  const connection = configuration.connection(receipt.connection ?? '');
  const connector = connection?.value.connector === connectorId ? registry.getFor(connection.value) : registry.get(connectorId);
  const declaration = connector.definition.webhook;
  if (!declaration) throw ended();
  const { headers, body, receivedAt } = receipt;
  const read = await readVerified(options, { connector, declaration, request: { headers, body: body.bytes } });
  if ('challenge' in read) return 0;
  const place = placeOf(options, { receipt, account: read.account, configuration });
  await place.admit(configuration.revision);
  const verified = { ...read.verified, receivedAt };
  return publishDelivery(options, place, verified, await eventsOf(askConnector, verified));
}

/** The same for what came to a receiver. */
async function receiveAgain(options: ReceiveOptions, { tenant, registration, headers, body, receivedAt }: FullReceipt): Promise<number> {
  const { cache, receivers } = options;
  const id = receiverOf(registration);
  const configuration = await cache.current(tenant);
  const row = configuration.receiver(id);
  if (row === undefined) throw ended();
  const holds = (now: TenantConfiguration): boolean => now.receiver(id) !== undefined;
  const place = { tenant, registration, connection: null, triggers: null, admit: admission({ cache, tenant, heldIn: null, holds }) };
  return publishReceived(options, place, { receiver: receivers.of(row), request: { headers, body: body.bytes }, receivedAt });
}

interface Found {
  readonly receipt: FullReceipt;
  readonly account: string | undefined;
  readonly configuration: TenantConfiguration;
}

/** The place that it came to, while what it came through is there and receives. */
function placeOf({ cache }: ReceiveOptions, { receipt, account, configuration }: Found): DeliveryPlace {
  const { tenant, registration, connector } = receipt;
  const isForApp = registration === `app:${connector}`;
  const row = configuration.registration(registration);
  const holds = (now: TenantConfiguration): boolean => {
    const current = now.registration(registration)?.value;
    const value = now.connection(receipt.connection ?? '')?.value;
    if (value?.connector !== connector || !receives(value)) return false;
    return isForApp ? value.externalAccountId === account : current?.connector === connector && current.connection === receipt.connection;
  };
  return {
    ...{ tenant, registration, connection: receipt.connection },
    triggers: isForApp ? null : (row?.value.triggers ?? []),
    admit: admission({ cache, tenant, heldIn: null, holds }),
  };
}

function ended(): PatchbayError {
  return new PatchbayError({
    code: 'not_found',
    message: 'What the delivery came through has ended. Connect or register it again, or discard the delivery.',
  });
}
