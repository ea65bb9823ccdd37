import { alertRules } from './alert-rules.ts';
import { auditChain } from './audit-chain.ts';
import { configurationLog } from './configuration-log.ts';
import { configurationReferences } from './configuration-references.ts';
import { connectorConfigurations } from './connector-configurations.ts';
import { deadList } from './dead-list.ts';
import { dueConnections } from './due-connections.ts';
import { endpointsAndStates } from './endpoints-and-states.ts';
import { eventAdditions } from './event-additions.ts';
import { exchanges } from './exchanges.ts';
import { firstTables } from './first-tables.ts';
import { journal } from './journal.ts';
import { keptReceipts } from './kept-receipts.ts';
import type { Migration } from './migration.ts';
import { oauthFlows } from './oauth-flows.ts';
import { orderingKeys } from './ordering-keys.ts';
import { partitionedHistory } from './partitioned-history.ts';
import { readableViews } from './readable-views.ts';
import { tenantPolicies } from './tenant-policies.ts';

/** All migrations that this package knows, in order. */
export const migrations: readonly Migration[] = [
  firstTables,
  partitionedHistory,
  configurationReferences,
  orderingKeys,
  deadList,
  readableViews,
  tenantPolicies,
  auditChain,
  oauthFlows,
  configurationLog,
  connectorConfigurations,
  dueConnections,
  endpointsAndStates,
  exchanges,
  keptReceipts,
  journal,
  alertRules,
  eventAdditions,
];
