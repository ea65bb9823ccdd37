import { runWithin } from '../bounds/run-within.ts';
import type { AccountLookUp, CredentialUse } from '../connections/account-look-up.ts';
import type { AnyDefinition } from '../connector/connector-definition.ts';
import { connectorValues } from '../connector/connector-values.ts';
import type { ConnectionCall, ExternalAccount } from '../connector/iconnector.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { openSession } from '../gateway/open-session.ts';
import { storedChoices } from './stored-choices.ts';
import type { TenantScope } from './tenant-services.ts';

/** Milliseconds for one look. */
const timeoutMs = 10_000;

/** Longest id and name of an account that are kept, characters. */
const longestText = 200;

/** Asks services with a credential before it is stored, through the gateway as any request. */
export function accountLookUp(scope: TenantScope): AccountLookUp {
  return {
    async sites(use) {
      const { connector } = use;
      return connector.findSites === undefined
        ? null
        : withSession(scope, { use, definition: rootOf(connector.definition) }, async (call) => (await connector.findSites?.(call)) ?? []);
    },
    async account(use) {
      const { connector } = use;
      const look = (call: ConnectionCall) => connector.healthCheck(call);
      const report = await withSession(scope, { use, definition: connector.definition }, look).catch(() => null);
      return report?.healthy === true && isAccount(report.account) ? report.account : null;
    },
  };
}

/** What an account is called by; anything else that a connector says is none. */
function isAccount(account: ExternalAccount | undefined): account is ExternalAccount {
  const texts = account === undefined ? [] : [account.id, account.name];
  return (
    texts.length > 0 && texts.every((text) => typeof text === 'string' && /^[^\p{Cc}\p{Cs}]+$/u.test(text) && text.length <= longestText)
  );
}

/** The connector with paths from the root of the way in: where a setting is still to be found, its base path is not there yet. */
function rootOf(definition: AnyDefinition): AnyDefinition {
  const auth = definition.auth.map((method) => (method.type === 'oauth2' ? { ...method, basePath: '' } : method));
  const [first, ...more] = auth;
  return first === undefined ? definition : { ...definition, auth: [first, ...more] };
}

interface Look {
  readonly use: CredentialUse;
  readonly definition: AnyDefinition;
}

async function withSession<Result>(
  scope: TenantScope,
  { use, definition }: Look,
  look: (call: ConnectionCall) => Promise<Result>,
): Promise<Result> {
  const { tenant, clock, gateway } = scope;
  const { connector, credential } = use;
  const values = connectorValues(definition, await storedChoices(scope, definition));
  const end = clock.monotonic() + timeoutMs;
  return runWithin({ clock, timeoutMs, signal: new AbortController().signal, what: `A look at ${connector.id}` }, (signal) => {
    const connection = connectionOf(use);
    const session = openSession(gateway, {
      tenant,
      connection,
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

/** The connection as it will be. */
function connectionOf({ id, connector, settings }: CredentialUse): Row<'connection'> {
  const value = {
    connector: connector.id,
    name: connector.id,
    status: 'initializing',
    owner: null,
    externalAccountId: null,
    externalAccountName: null,
    settings,
    metadata: {},
    secretVersion: 1,
    connectedAt: 0,
  } as const;
  return { id, name: connector.id, version: 1, value, updatedAt: 0 };
}
