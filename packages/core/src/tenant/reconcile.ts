import { type RegistrationFinding, reconcileRegistrations, subscriptionsOf } from '../webhooks/inbound/reconcile-registrations.ts';
import { askProvider } from './ask-provider.ts';
import { connectionRow } from './connection-row.ts';
import { registrationServices, registrationsAtProvider } from './registration-services.ts';
import { requireFeature } from './tenant-plan.ts';
import type { TenantScope } from './tenant-services.ts';

/** Which registrations are compared with their provider's list. */
export interface ReconcileRequest {
  /** Name or id. */
  readonly connection: string;
  /** Tell what differs, and change nothing. @default false */
  readonly dryRun?: boolean;
  /** Take away at the provider what stands at a URL of this hub and is nobody's registration. @default false */
  readonly removeUnknown?: boolean;
}

/** What was compared, and where it differed. */
export interface ReconcileResult {
  /** Registrations that were compared. */
  readonly compared: number;
  readonly findings: readonly RegistrationFinding[];
}

/** Compares what a connection has registered with its provider's list, and mends it. Throws `unsupported` where a person sets webhooks up. */
export async function reconcile(scope: TenantScope, request: ReconcileRequest): Promise<ReconcileResult> {
  const { tenant, registry, cache } = scope;
  const connection = await connectionRow(scope, request.connection);
  await requireFeature(scope, 'webhooks');
  const connector = registry.getFor(connection.value);
  const subscriptions = subscriptionsOf(connector);
  const rows = await registrationsAtProvider(scope, connection.id);
  const { dryRun = false, removeUnknown = false } = request;
  const reconciling = { tenant, connector, ask: askProvider(scope, connection), subscriptions, rows, dryRun, removeUnknown };
  const findings = await reconcileRegistrations(registrationServices(scope), reconciling);
  cache.forget(tenant);
  return { compared: rows.length, findings };
}
