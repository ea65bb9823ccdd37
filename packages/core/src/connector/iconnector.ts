import type { IdempotencyKey, Reconciliation } from '../contracts/idempotency.ts';
import type { Json } from '../json/json.ts';
import type { Logger } from '../logger/logger.ts';
import type { ConnectorHttp } from './connector-http.ts';
import type { ActionManifest, ConnectorManifest, TriggerManifest } from './manifest.ts';
import type { ConnectorSite } from './oauth2-auth.ts';

/** What a connector is started with. */
export interface ConnectorContext {
  readonly logger: Logger;
}

/** What every call on behalf of a connection carries. */
export interface ConnectionCall {
  readonly http: ConnectorHttp;
  readonly settings: Readonly<Record<string, Json>>;
  /** What the tenant has set for the connector, parsed by its schema; empty where it has none. */
  readonly configuration: Readonly<Record<string, Json>>;
  /** The connector's flags as they stand for the tenant. */
  readonly flags: Readonly<Record<string, boolean>>;
  readonly signal: AbortSignal;
}

/** One execution of an action; `input` is not yet parsed. */
export interface ActionCall extends ConnectionCall {
  readonly action: string;
  readonly input: Json;
  readonly key: IdempotencyKey;
}

/** A look at what became of a call whose answer was lost. */
export interface ReconcileCall extends ActionCall {
  /** When it was first sent, milliseconds since 1970. */
  readonly since: number;
}

/** What an action gives back. */
export interface ActionResult {
  readonly output: Json;
  /** The provider's id of the request, for its support desk. */
  readonly providerRequestId?: string;
  readonly warnings?: readonly string[];
}

/** The account that a credential belongs to. */
export interface ExternalAccount {
  readonly id: string;
  readonly name: string;
}

/** What a health check tells. Core adds the time it took and when. */
export interface HealthReport {
  readonly healthy: boolean;
  readonly message?: string;
  readonly account?: ExternalAccount;
}

/**
 * A connector as the hub sees it. What it takes and returns is JSON or a declared capability (`http`, `key`, `signal`), so it can
 * run in another process. Recognised by `manifest.specVersion`, never by class. Build one with `defineConnector`.
 */
export interface IConnector {
  readonly manifest: ConnectorManifest;
  /** Called once before the first call, and again after each `shutdown` where an operator restarts it; throws where the connector cannot work. */
  initialize(context: ConnectorContext, signal: AbortSignal): Promise<void>;
  healthCheck(call: ConnectionCall): Promise<HealthReport>;
  /** The sites that a grant reaches; absent where an account is all there is. Its paths stand below the origin, without the base path. */
  findSites?(call: ConnectionCall): Promise<readonly ConnectorSite[]>;
  /** Parses the input, runs the action, parses the output. Throws a `PatchbayError`. */
  executeAction(call: ActionCall): Promise<ActionResult>;
  /** Only for actions of class `reconcilable`; throws `unsupported` for others. */
  reconcileAction(call: ReconcileCall): Promise<Reconciliation<Json>>;
  getActions(): readonly ActionManifest[];
  getTriggers(): readonly TriggerManifest[];
  /** Called when the hub stops, and where an operator restarts the connector. */
  shutdown(signal: AbortSignal): Promise<void>;
}
