import type { Connector } from '../connector/connector-definition.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { registerWebhook } from '../webhooks/inbound/register-webhook.ts';
import { subscribeRegistration } from '../webhooks/inbound/subscribe-registration.ts';
import { askProvider } from './ask-provider.ts';
import { connectionRow } from './connection-row.ts';
import { parseRules, type RegistrationRulesInput } from './registration-rules-input.ts';
import { registrationServices } from './registration-services.ts';
import { requireAppSecret, requireTarget } from './require-target.ts';
import { admit, requireFeature } from './tenant-plan.ts';
import type { TenantScope } from './tenant-services.ts';

/** A webhook to be registered: by the hub at the service, or by a person, who gives the secret that was entered there. */
export interface RegistrationInput {
  /** Name or id. */
  readonly connection: string;
  /** Name of the trigger, or several: `issue.opened`, or as its events are called, `github.issue.opened`. @default all of the connector's */
  readonly trigger?: string | readonly string[];
  /**
   * The secret that a person has entered at the service; at least 8 characters, and as the connector's scheme writes secrets. @default the hub
   * registers by the service's API, with its own; none where the connector's webhooks are `dangerouslyUnverified`
   */
  readonly secret?: string;
  /** From when a secret that is new here verifies. @default at once */
  readonly notBefore?: Date;
  /** Milliseconds for which the secrets before it still verify, from when it does; up to 30 days. 0 revokes them. @default 24 hours */
  readonly overlapMs?: number;
  /** What at the service it is for, where its connector asks for it: a repository. */
  readonly target?: string;
  /** What becomes of its events. @default they stay as they were; for a new one they are taken in as they come */
  readonly rules?: RegistrationRulesInput;
}

/**
 * Registers a webhook: kept first, because services send a challenge while they are asked, then brought to the service. Throws what the service
 * refuses it with; the registration stays, `failed`, and is tried again by the hub and by the same call.
 */
export async function register(scope: TenantScope, input: RegistrationInput): Promise<Row<'registration'>> {
  await scope.ready();
  const { tenant, registry, cache, connect } = scope;
  const connection = await connectionRow(scope, input.connection);
  const connector = registry.getFor(connection.value);
  await requireFeature(scope, 'webhooks');
  const { secret, target } = input;
  if (secret === undefined && connector.definition.webhook?.subscriptions) {
    requireTarget(connector, connection, target);
    requireAppSecret(scope, connector);
  }
  const rules = input.rules && (await parseRules(scope, input.rules));
  const admitted = (rowName: string) => admit(scope, 'webhooks', rowName);
  const services = registrationServices(scope);
  const { row, isNew } = await registerWebhook(
    { ...services, store: scope.configuration, vault: scope.vault, admit: admitted, newSecret: connect.randomName },
    {
      ...{ tenant, connection, connector, triggers: triggersOf(connector, input.trigger) },
      ...{ secret, notBefore: input.notBefore?.getTime(), overlapMs: input.overlapMs },
      ...(target === undefined ? {} : { target }),
      ...(rules === undefined ? {} : { rules }),
    },
  );
  cache.forget(tenant);
  const { status = 'active' } = row.value.subscription ?? {};
  if (status === 'active') return row;
  const brought = await subscribeRegistration(services, {
    ...{ tenant, connector, registration: row.id, isNew, ask: askProvider(scope, connection) },
  });
  cache.forget(tenant);
  if (brought.error !== null) throw brought.error;
  return brought.row ?? row;
}

function triggersOf(connector: Connector, wanted: RegistrationInput['trigger']): readonly string[] {
  return wanted === undefined ? Object.keys(connector.triggers) : [wanted].flat().map((name) => shortName(connector, name));
}

/** A trigger's name within its connector, also where it is given as its events are called. */
function shortName({ id, triggers }: Connector, name: string): string {
  const full = Object.keys(triggers).find((trigger) => name === `${id}.${trigger}`);
  return Object.hasOwn(triggers, name) ? name : (full ?? name);
}
