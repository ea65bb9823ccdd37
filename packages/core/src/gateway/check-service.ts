import { runWithin } from '../bounds/run-within.ts';
import type { CheckVerdict } from '../connections/status-after-check.ts';
import type { Credential } from '../connector/auth-method.ts';
import type { Connector } from '../connector/connector-definition.ts';
import { connectorValues } from '../connector/connector-values.ts';
import type { ExternalAccount, HealthReport } from '../connector/iconnector.ts';
import type { ConnectorChoices } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { openSession } from './open-session.ts';

/** What a look at the service showed. */
export interface CheckReport {
  readonly verdict: CheckVerdict;
  /** For a person. */
  readonly message: string;
  readonly account: ExternalAccount | null;
}

/** What is looked at: a credential, also one that is not stored yet, with the settings of its connection. */
export interface CheckedConnection {
  readonly tenant: string;
  readonly connector: Connector;
  readonly connection: Row<'connection'>;
  readonly credential: Credential;
  /** What the tenant has set for the connector. */
  readonly choices: ConnectorChoices | undefined;
}

/** Milliseconds for one look. */
const timeoutMs = 10_000;

/** Longest message of a connector that is kept, and longest id and name of an account, characters. */
const longest = { message: 500, account: 200 };

/**
 * Runs the connector's health check with a credential. Never throws: what cannot be told is `unknown`. So is a 403 or a 404, which may mean the check
 * alone; a connector that knows better answers `healthy: false`.
 */
export async function checkService(gateway: GatewayOptions, checked: CheckedConnection): Promise<CheckReport> {
  const { connector } = checked;
  const { clock } = gateway;
  const bounds = { clock, timeoutMs, signal: new AbortController().signal, what: `The health check of ${connector.id}` };
  try {
    return reportOf(await runWithin(bounds, (signal) => look(gateway, checked, signal)));
  } catch (error) {
    const { code, message } = toErrorRecord(error);
    return { verdict: code === 'authentication_failed' ? 'refused' : 'unknown', message, account: null };
  }
}

/** The same, where one refusal is no refusal: a proxy on the way may answer 401 of its own once. */
export async function checkServiceTwice(gateway: GatewayOptions, checked: CheckedConnection): Promise<CheckReport> {
  const first = await checkService(gateway, checked);
  return first.verdict === 'refused' ? checkService(gateway, checked) : first;
}

async function look(gateway: GatewayOptions, checked: CheckedConnection, signal: AbortSignal): Promise<HealthReport> {
  const { tenant, connector, connection, credential, choices } = checked;
  const end = gateway.clock.monotonic() + timeoutMs;
  const { definition } = connector;
  const values = connectorValues(definition, choices);
  const session = openSession(gateway, {
    tenant,
    connection,
    definition,
    credential,
    signal,
    author: 'connector',
    deadline: () => end,
    key: null,
  });
  gateway.watch?.mark(connector.id, 'healthCheck');
  return connector.healthCheck({ http: session.http, settings: session.settings, signal, ...values });
}

/** A connector's code may give anything. */
function reportOf(report: HealthReport): CheckReport {
  const isHealthy = report?.healthy === true;
  const usual = isHealthy ? 'ok' : 'The service does not answer as it does for a working account.';
  const message = typeof report?.message === 'string' && report.message !== '' ? report.message.slice(0, longest.message) : usual;
  return { verdict: isHealthy ? 'good' : 'unhealthy', message, account: isHealthy ? accountOf(report.account) : null };
}

const plain = /^[^\p{Cc}\p{Cs}]+$/u;

function accountOf(account: HealthReport['account']): ExternalAccount | null {
  const { id, name } = account ?? {};
  if (typeof id !== 'string' || id.length > longest.account || !plain.test(id)) return null;
  return { id, name: typeof name === 'string' && plain.test(name) ? name.slice(0, longest.account) : id };
}
