import { alertRuleTables } from '../schema/alert-rules.ts';
import { auditGuardedTables } from '../schema/audit-chain.ts';
import { logTables } from '../schema/configuration-log.ts';
import { connectorConfigurationTables } from '../schema/connector-configurations.ts';
import { endpointAndStateTables } from '../schema/endpoints-and-states.ts';
import { additionTables } from '../schema/event-additions.ts';
import { journalTables } from '../schema/journal.ts';
import { receiptTables } from '../schema/kept-receipts.ts';
import { flowTables } from '../schema/oauth-flows.ts';
import { firstGuardedTables } from '../schema/tenant-policies.ts';

/** All tables whose rows belong to tenants, each with the column that says to whom. */
export const guardedTables: Readonly<Record<string, 'tenant' | 'scope'>> = {
  ...firstGuardedTables,
  ...auditGuardedTables,
  ...flowTables,
  ...logTables,
  ...connectorConfigurationTables,
  ...endpointAndStateTables,
  ...receiptTables,
  ...journalTables,
  ...alertRuleTables,
  ...additionTables,
};
