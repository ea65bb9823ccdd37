import { createHash } from 'node:crypto';
import { dayMs } from '../../clock/day-of.ts';
import type { FullReceipt, ReceiptStore } from '../../contracts/receipt-store.ts';
import { toErrorRecord } from '../../errors/error-record.ts';
import { isPatchbayError, PatchbayError } from '../../errors/patchbay-error.ts';
import type { GenerateId } from '../../id/generate-id.ts';
import type { Json } from '../../json/json.ts';
import type { Notify } from '../../notices/notices.ts';
import { mostKept } from '../../webhooks/inbound/most-kept.ts';
import { type Polled, type PublishPolledParts, publishPolled } from './publish-polled.ts';
import { readPollAnswer } from './read-poll-answer.ts';

/** What keeping needs. */
export interface KeepPolledParts extends PublishPolledParts {
  readonly storage: { readonly receipts: Pick<ReceiptStore, 'keep'> };
  /** Days for which a tenant's are kept. */
  readonly receiptDays: (tenant: string) => Promise<number>;
  readonly generateId: GenerateId;
  readonly notify: Notify;
}

const prefix = 'poll:';

/** True for a receipt of what a look found. */
export const isOfPoll = ({ registration }: Pick<FullReceipt, 'registration'>): boolean => registration.startsWith(prefix);

/**
 * Publishes one thing that was found. One that can never become an event is kept whole, as a webhook's delivery is, so that it neither holds up those behind it nor
 * gets lost. False: there is no event, and the state was not written. Throws what may pass, and the reason where the tenant has no room for it.
 */
export async function publishOrKeep(parts: KeepPolledParts, polled: Polled): Promise<boolean> {
  try {
    return await publishPolled(parts, polled);
  } catch (error) {
    if (!isPatchbayError(error) || error.code !== 'invalid_event') throw error;
    await keep(parts, polled, error);
    return false;
  }
}

async function keep({ storage, receiptDays, generateId, notify }: KeepPolledParts, polled: Polled, thrown: PatchbayError): Promise<void> {
  const { place, found, now } = polled;
  const { tenant, connection, connector, trigger } = place;
  const registration = `${prefix}${trigger}`;
  const id = generateId();
  const { code, message } = toErrorRecord(thrown);
  const verdict = await storage.receipts.keep({
    ...{ tenant, id, connector, registration, connection, deliveryId: found.id, most: mostKept },
    guard: createHash('sha256').update(`${registration}\u0000${connection}\u0000${found.id}`).digest('base64url'),
    error: { code, message },
    headers: {},
    body: { codec: 'plain', bytes: new TextEncoder().encode(JSON.stringify(found)) },
    receivedAt: now,
    forMs: (await receiptDays(tenant)) * dayMs,
  });
  if (verdict.status === 'full') throw thrown;
  if (verdict.id !== id) return;
  const facts = { tenant, connectionId: connection, at: now };
  notify('poll.failed', { ...facts, connectorId: connector, triggerId: trigger, failures: 0, error: { code, message } });
  notify('webhook.kept', { ...facts, registrationId: registration, receiptId: id, code });
}

/** Publishes what a look has found and could not publish then, by the code of today. Answers how many events it brought. */
export async function replayPolled(
  parts: PublishPolledParts & { readonly connectorOf: (receipt: FullReceipt) => Promise<Polled['connector'] | undefined> },
  receipt: FullReceipt,
): Promise<number> {
  const { tenant, connection, registration, receivedAt, body } = receipt;
  const connector = await parts.connectorOf(receipt);
  const trigger = registration.slice(prefix.length);
  if (connection === null || !connector?.triggers[trigger]) throw ended();
  const what = `${connector.id}.${trigger}`;
  const [found] = readPollAnswer({ events: [JSON.parse(new TextDecoder().decode(body.bytes)) as Json], cursor: null }, what).events;
  if (found === undefined) throw ended();
  const place = { tenant, connection, connector: connector.id, trigger };
  return (await publishPolled(parts, { place, connector, found, now: receivedAt })) ? 1 : 0;
}

function ended(): PatchbayError {
  return new PatchbayError({
    code: 'not_found',
    message: 'What the look went through has ended. Connect it again, or discard what it found.',
  });
}
