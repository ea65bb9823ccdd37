import type { Connector } from '../connector/connector-definition.ts';
import type { Row, RowPage } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isUuid } from '../id/is-uuid.ts';
import { registerWebhook } from '../webhooks/inbound/register-webhook.ts';
import { allowAddresses } from './allow-addresses.ts';
import { connectionRow } from './connection-row.ts';
import { type KeptDeliveriesApi, keptDeliveriesApi } from './kept-deliveries-api.ts';
import { notFound } from './not-found.ts';
import { openOfferedSecret } from './open-offered-secret.ts';
import { admit, requireFeature } from './tenant-plan.ts';
import type { TenantScope } from './tenant-services.ts';

/** A webhook that a person sets up at the service. */
export interface RegistrationInput {
  /** Name or id. */
  readonly connection: string;
  /** Name of the trigger, or several: `issue.opened`, or as its events are called, `github.issue.opened`. @default all of the connector's */
  readonly trigger?: string | readonly string[];
  /**
   * The secret that is entered at the service too; at least 8 characters, and as the connector's scheme writes secrets. Left out only where its
   * webhooks are `dangerouslyUnverified`.
   */
  readonly secret?: string;
  /** From when a secret that is new here verifies. @default at once */
  readonly notBefore?: Date;
  /** Milliseconds for which the secrets before it still verify, from when it does; up to 30 days. 0 revokes them. @default 24 hours */
  readonly overlapMs?: number;
}

/** A registration as the host sees it. */
export interface Registration {
  readonly id: string;
  /** What to enter at the service. */
  readonly url: string;
  readonly connector: string;
  readonly connection: string;
  readonly triggers: readonly string[];
  /** From where its deliveries are taken; `null`: from everywhere. */
  readonly addresses: readonly string[] | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** A tenant's inbound webhooks. */
export interface WebhooksApi {
  /** Registers one, or brings it up to date: another secret replaces the one before, which holds for 24 hours more. */
  register(input: RegistrationInput): Promise<Registration>;
  get(id: string): Promise<Registration>;
  list(): Promise<readonly Registration[]>;
  /**
   * Takes its deliveries from these addresses and ranges alone, such as `192.0.2.0/24`; `null`: from everywhere. What comes from elsewhere is refused as a wrong
   * signature is. Throws `invalid_argument`.
   */
  allowAddresses(id: string, addresses: readonly string[] | null): Promise<Registration>;
  /**
   * The secret that the service has made up and sent, where its connector says that it does so (Notion). Show it to the person who enters it there, then
   * `register` with it: until then it verifies nothing. `null`: none waits.
   */
  offeredSecret(id: string): Promise<string | null>;
  /** From the next event on its deliveries are refused. */
  unregister(id: string): Promise<void>;
  /** Deliveries that could not become events. */
  readonly kept: KeptDeliveriesApi;
}

/** The webhooks part of a tenant's handle. */
export function webhooksApi(scope: TenantScope): WebhooksApi {
  const { tenant, storage, configuration, cache, registry, vault, generateId, clock } = scope;
  const view = (row: Row<'registration'>): Registration => {
    const { connector, connection, triggers, addresses = null, createdAt } = row.value;
    const url = `${scope.publicUrl}/webhooks/${connector}/${row.id}`;
    return { id: row.id, url, connector, connection, triggers, addresses, createdAt };
  };
  const read = async (id: string): Promise<Row<'registration'>> => {
    await scope.ready();
    const row = isUuid(id) ? await storage.configuration.get(tenant, 'registration', id) : null;
    if (!row) throw notFound('registration');
    return row;
  };
  return {
    kept: keptDeliveriesApi(scope),
    async register({ connection: reference, trigger, secret, notBefore, overlapMs }) {
      await scope.ready();
      const connection = await connectionRow(scope, reference);
      const connector = registry.get(connection.value.connector);
      const triggers = trigger === undefined ? Object.keys(connector.triggers) : [trigger].flat().map((name) => shortName(connector, name));
      await requireFeature(scope, 'webhooks');
      const admitted = (rowName: string) => admit(scope, 'webhooks', rowName);
      const options = { store: configuration, vault, generateId, now: () => clock.now(), admit: admitted };
      const row = await registerWebhook(options, {
        tenant,
        connection,
        connector,
        triggers,
        secret,
        notBefore: notBefore?.getTime(),
        overlapMs,
      });
      cache.forget(tenant);
      return view(row);
    },
    get: async (id) => view(await read(id)),
    async list() {
      await scope.ready();
      const registrations: Registration[] = [];
      for (let cursor: string | null = null; ; ) {
        const page: RowPage<'registration'> = await storage.configuration.list(tenant, 'registration', { cursor, limit: 500 });
        registrations.push(...page.rows.map(view));
        cursor = page.cursor;
        if (cursor === null) return registrations;
      }
    },
    allowAddresses: async (id, addresses) => view(await allowAddresses(scope, () => read(id), addresses)),
    offeredSecret: async (id) => openOfferedSecret(scope, await read(id)),
    async unregister(id) {
      for (let tries = 0; tries < 5; tries += 1) {
        const row = await read(id);
        const verdict = await configuration.write(tenant, [{ delete: 'registration', id: row.id, expect: row.version }]);
        cache.forget(tenant);
        if (verdict.status === 'written') return;
      }
      throw new PatchbayError({
        code: 'conflict',
        message: 'The registration is being changed by others at the same time. Try again.',
        retryable: true,
      });
    },
  };
}

/** A trigger's name within its connector, also where it is given as its events are called. */
function shortName({ id, triggers }: Connector, name: string): string {
  const full = Object.keys(triggers).find((trigger) => name === `${id}.${trigger}`);
  return Object.hasOwn(triggers, name) ? name : (full ?? name);
}
