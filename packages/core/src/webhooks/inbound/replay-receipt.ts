import type { TenantConfiguration } from '../../configuration/tenant-configuration.ts';
import type { Connector } from '../../connector/connector-definition.ts';
import type { WebhookDeclaration } from '../../connector/webhook-declaration.ts';
import type { FullReceipt } from '../../contracts/receipt-store.ts';
import { isPatchbayError, PatchbayError } from '../../errors/patchbay-error.ts';
import { admission, receives } from './admission.ts';
import type { DeliveryPlace } from './delivery-place.ts';
import { isOurs } from './keep-delivery.ts';
import { eventsOf, publishDelivery } from './publish-delivery.ts';
import { readVerified } from './read-verified.ts';
import type { ReceiveOptions } from './receive-options.ts';

/**
 * Takes a kept delivery in again, on the way that it came and with the code and the configuration of today; its signature was found good when it came. Its
 * events have the dedupe keys that they had then, so none becomes a second one. Answers how many were wanted. Throws what keeps it from becoming
 * events, `not_found` where what it came through has ended, and `unknown_connector`.
 */
export async function replayReceipt(options: ReceiveOptions, receipt: FullReceipt): Promise<number> {
  const connector = options.registry.get(receipt.connector ?? '');
  const declaration = connector.definition.webhook;
  if (!declaration) throw ended();
  try {
    return await publishAgain(options, receipt, { connector, declaration });
  } catch (error) {
    if (isPatchbayError(error) && error.code === 'signature_refused') throw ended();
    // It stays kept: nobody else sends it again.
    if (isPatchbayError(error) && error.retryable && isOurs(error))
      throw new PatchbayError({ code: error.code, message: error.message, cause: error });
    throw error;
  }
}

async function publishAgain(
  options: ReceiveOptions,
  receipt: FullReceipt,
  reader: { readonly connector: Connector; readonly declaration: WebhookDeclaration },
): Promise<number> {
  const { askConnector, cache } = options;
  const { headers, body, receivedAt } = receipt;
  const read = await readVerified(options, { ...reader, request: { headers, body: body.bytes } });
  if ('challenge' in read) return 0;
  const configuration = await cache.current(receipt.tenant);
  const place = placeOf(options, { receipt, account: read.account, configuration });
  await place.admit(configuration.revision);
  const verified = { ...read.verified, receivedAt };
  return publishDelivery(options, place, verified, await eventsOf(askConnector, verified));
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
