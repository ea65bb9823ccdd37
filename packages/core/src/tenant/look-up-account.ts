import { runWithin } from '../bounds/run-within.ts';
import type { AccountLookUp, CredentialUse } from '../connections/account-look-up.ts';
import type { AnyDefinition } from '../connector/connector-definition.ts';
import { connectorValues } from '../connector/connector-values.ts';
import type { ConnectionCall } from '../connector/iconnector.ts';
import { checkService } from '../gateway/check-service.ts';
import { openSession } from '../gateway/open-session.ts';
import { provisionalConnection } from './provisional-connection.ts';
import { storedChoices } from './stored-choices.ts';
import type { TenantScope } from './tenant-services.ts';

/** Milliseconds for one look. */
const timeoutMs = 10_000;

/** Asks services with a credential before it is stored, through the gateway as any request. */
export function accountLookUp(scope: TenantScope): AccountLookUp {
  return {
    async sites(use) {
      const { connector } = use;
      return connector.findSites === undefined ? null : withSession(scope, use, async (call) => (await connector.findSites?.(call)) ?? []);
    },
    account: (use) => accountOf(scope, use).catch(() => null),
  };
}

async function accountOf(scope: TenantScope, { id, connector, credential, settings }: CredentialUse) {
  const { tenant, gateway, clock } = scope;
  const connection = provisionalConnection({ id, connector, settings, now: clock.now() });
  const choices = await storedChoices(scope, connector.definition);
  return (await checkService(gateway, { tenant, connector, connection, credential, choices })).account;
}

/** The connector with paths from the root of the way in: where a setting is still to be found, its base path is not there yet. */
function rootOf(definition: AnyDefinition): AnyDefinition {
  const auth = definition.auth.map((method) => (method.type === 'oauth2' ? { ...method, basePath: '' } : method));
  const [first, ...more] = auth;
  return first === undefined ? definition : { ...definition, auth: [first, ...more] };
}

async function withSession<Result>(
  scope: TenantScope,
  { id, connector, credential, settings }: CredentialUse,
  look: (call: ConnectionCall) => Promise<Result>,
): Promise<Result> {
  const { tenant, clock, gateway } = scope;
  const definition = rootOf(connector.definition);
  const values = connectorValues(definition, await storedChoices(scope, definition));
  const end = clock.monotonic() + timeoutMs;
  return runWithin({ clock, timeoutMs, signal: new AbortController().signal, what: `A look at ${connector.id}` }, (signal) => {
    const session = openSession(gateway, {
      tenant,
      connection: provisionalConnection({ id, connector, settings, now: clock.now() }),
      definition,
      credential,
      signal,
      deadline: () => end,
      key: null,
      author: 'connector',
    });
    return look({ http: session.http, settings: session.settings, signal, ...values });
  });
}
