import type { Row, RowPage } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isUuid } from '../id/is-uuid.ts';
import { receiverTypes } from '../webhooks/inbound/receivers/event-type-of.ts';
import { parseReceiver } from '../webhooks/inbound/receivers/parse-receiver.ts';
import { putReceiver } from '../webhooks/inbound/receivers/put-receiver.ts';
import { receiverRegistration } from '../webhooks/inbound/receivers/receive-for-receiver.ts';
import type { ReceiverDefinition } from '../webhooks/inbound/receivers/receiver-definition.ts';
import { checkWindow } from '../webhooks/inbound/registration-secrets.ts';
import { isName } from './check-text.ts';
import { type DeliveriesSoFar, deliveriesSoFar, forgetDeliveries } from './deliveries-so-far.ts';
import { notFound } from './not-found.ts';
import { admit, requireFeature } from './tenant-plan.ts';
import type { TenantScope } from './tenant-services.ts';

/** A receiver as it is put. */
export interface ReceiverInput extends ReceiverDefinition {
  /** What the scheme verifies with, 8 to 1,024 characters; for signatures with a key pair the public key. @default the one that was put before */
  readonly secret?: string;
}

/** A receiver as the host sees it. */
export interface Receiver {
  readonly id: string;
  readonly name: string;
  /** What to enter at the service. */
  readonly url: string;
  /** A pattern that all types of its events match: `hook.orders.*`. */
  readonly events: string;
  readonly definition: ReceiverDefinition;
  /** How many secrets are live now: two while one is being replaced. */
  readonly secrets: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** A receiver with what has come to it. */
export interface ReceiverDetail extends Receiver, DeliveriesSoFar {}

/** How the secret of a receiver is replaced. */
export interface ReceiverRotation {
  /** What the scheme verifies with from now on, as in `put`. */
  readonly secret: string;
  /** Milliseconds for which the secrets before still hold, 0 to 30 days; 0 ends them at once. @default 24 hours */
  readonly overlapMs?: number | undefined;
}

/** A tenant's receivers: URLs for services without a connector. They are named by their name or id. */
export interface ReceiversApi {
  /**
   * Puts one: the name is the key, the same content changes nothing. Another secret replaces the one before, which holds for 24 hours more; another
   * scheme takes no secret over.
   */
  put(name: string, input: ReceiverInput): Promise<Receiver>;
  get(receiver: string): Promise<ReceiverDetail>;
  list(): Promise<readonly Receiver[]>;
  /** Replaces the secret and nothing else; the one before holds for 24 hours more, or for `overlapMs`. Throws `invalid_argument`, `credential_missing`. */
  rotateSecret(receiver: string, rotation: ReceiverRotation): Promise<Receiver>;
  /** From the next event on its deliveries are refused; a receiver of the same name later has another URL. */
  delete(receiver: string): Promise<void>;
}

/** The receivers part of a tenant's handle. */
export function receiversApi(scope: TenantScope): ReceiversApi {
  const { tenant, storage, configuration, cache } = scope;
  const read = async (reference: string): Promise<Row<'receiver'>> => {
    await scope.ready();
    const byId = isUuid(reference) ? await storage.configuration.get(tenant, 'receiver', reference) : null;
    const row = byId ?? (isName(reference) ? await storage.configuration.find(tenant, 'receiver', reference) : null);
    if (!row) throw notFound('receiver');
    return row;
  };
  const put = async (name: string, definition: unknown, { secret, overlapMs }: Partial<ReceiverRotation>): Promise<Receiver> => {
    await requireFeature(scope, 'webhooks');
    const { vault, generateId, clock } = scope;
    const admitted = (rowName: string) => admit(scope, 'webhooks', `receiver/${rowName}`);
    const options = { store: configuration, vault, generateId, now: () => clock.now(), admit: admitted };
    const row = await putReceiver(options, { tenant, name, definition, secret, overlapMs });
    cache.forget(tenant);
    return viewReceiver(scope, row);
  };
  return {
    async put(name, { secret, ...definition }) {
      await scope.ready();
      return put(name, definition, secret === undefined ? {} : { secret });
    },
    async get(reference) {
      const row = await read(reference);
      const deliveries = await deliveriesSoFar(scope, { name: receiverRegistration(row.id), since: row.value.createdAt });
      return { ...viewReceiver(scope, row), ...deliveries };
    },
    list: () => listReceivers(scope),
    async rotateSecret(reference, { secret, overlapMs }) {
      checkWindow({ overlapMs });
      if (typeof secret !== 'string') throw secretMissing();
      const { name, value } = await read(reference);
      return put(name, value.definition, { secret, overlapMs });
    },
    async delete(reference) {
      for (let tries = 0; tries < 5; tries += 1) {
        const row = await read(reference);
        const verdict = await configuration.write(tenant, [{ delete: 'receiver', id: row.id, expect: row.version }]);
        cache.forget(tenant);
        if (verdict.status === 'written') return forgetDeliveries(scope, receiverRegistration(row.id));
      }
      throw new PatchbayError({
        code: 'conflict',
        message: 'The receiver is being changed by others at the same time. Try again.',
        retryable: true,
      });
    },
  };
}

function secretMissing(): PatchbayError {
  return new PatchbayError({
    code: 'credential_missing',
    message: 'A receiver takes the secret that its sender signs with. Give it as { secret }.',
  });
}

async function listReceivers(scope: TenantScope): Promise<readonly Receiver[]> {
  await scope.ready();
  const receivers: Receiver[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: RowPage<'receiver'> = await scope.storage.configuration.list(scope.tenant, 'receiver', { cursor, limit: 500 });
    receivers.push(...page.rows.map((row) => viewReceiver(scope, row)));
    cursor = page.cursor;
    if (cursor === null) return receivers;
  }
}

function viewReceiver({ publicUrl, clock }: TenantScope, { id, name, value }: Row<'receiver'>): Receiver {
  const now = clock.now();
  return {
    ...{ id, name, url: `${publicUrl}/hooks/${id}`, events: `${receiverTypes(name)}.*` },
    definition: parseReceiver(value.definition),
    secrets: value.secrets.filter(({ notAfter }) => notAfter === null || notAfter > now).length,
    createdAt: value.createdAt,
  };
}
