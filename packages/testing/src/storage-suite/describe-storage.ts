import { afterAll, describe } from 'vitest';
import { additionConcern } from './addition-concern.ts';
import { amendConcern } from './amend-concern.ts';
import { auditChainConcern } from './audit-chain-concern.ts';
import { auditConcern } from './audit-concern.ts';
import { awkwardValuesConcern } from './awkward-values-concern.ts';
import { bornLeasedConcern } from './born-leased-concern.ts';
import { cancelRunConcern } from './cancel-run-concern.ts';
import { choicesConcern } from './choices-concern.ts';
import { claimConcern } from './claim-concern.ts';
import { configurationChangesConcern } from './configuration-changes-concern.ts';
import { configurationConcern } from './configuration-concern.ts';
import { configurationReadingConcern } from './configuration-reading-concern.ts';
import { copyConcern } from './copy-concern.ts';
import { counterConcern } from './counter-concern.ts';
import { deliveryHistoryConcern } from './delivery-history-concern.ts';
import { flowConcern } from './flow-concern.ts';
import { gateConcern } from './gate-concern.ts';
import { historyConcern } from './history-concern.ts';
import { hostTransactionConcern } from './host-transaction-concern.ts';
import { hubScopeConcern } from './hub-scope-concern.ts';
import { ingestConcern } from './ingest-concern.ts';
import { ingestStateConcern } from './ingest-state-concern.ts';
import { journalConcern } from './journal-concern.ts';
import { leaseConcern } from './lease-concern.ts';
import { manyLanesConcern } from './many-lanes-concern.ts';
import { namedLeaseConcern } from './named-lease-concern.ts';
import { nextDueConcern } from './next-due-concern.ts';
import { orderedRoutingConcern } from './ordered-routing-concern.ts';
import { orderingConcern } from './ordering-concern.ts';
import { receiptConcern } from './receipt-concern.ts';
import { repeatConcern } from './repeat-concern.ts';
import { retentionConcern } from './retention-concern.ts';
import { routingConcern } from './routing-concern.ts';
import { serviceConcern } from './service-concern.ts';
import { settleConcern } from './settle-concern.ts';
import { sharingConcern } from './sharing-concern.ts';
import { skipNotes } from './skip-notes.ts';
import { type Scenario, scenarios } from './stage.ts';
import { stateConcern } from './state-concern.ts';
import type { StorageFactory } from './storage-factory.ts';
import { tenantListConcern } from './tenant-list-concern.ts';
import { turnConcern } from './turn-concern.ts';

const concerns: readonly ((scenario: Scenario) => void)[] = [
  serviceConcern,
  ingestConcern,
  ingestStateConcern,
  bornLeasedConcern,
  claimConcern,
  manyLanesConcern,
  leaseConcern,
  settleConcern,
  amendConcern,
  cancelRunConcern,
  routingConcern,
  additionConcern,
  orderingConcern,
  turnConcern,
  orderedRoutingConcern,
  gateConcern,
  nextDueConcern,
  repeatConcern,
  configurationConcern,
  configurationReadingConcern,
  configurationChangesConcern,
  tenantListConcern,
  choicesConcern,
  hubScopeConcern,
  auditConcern,
  auditChainConcern,
  namedLeaseConcern,
  counterConcern,
  stateConcern,
  flowConcern,
  receiptConcern,
  journalConcern,
  historyConcern,
  deliveryHistoryConcern,
  copyConcern,
  awkwardValuesConcern,
  sharingConcern,
  retentionConcern,
];

/**
 * Declares the conformance suite of the storage contract. What an adapter cannot do it says in `capabilities`, and leaves `second` or
 * `begin` of its {@link StorageFactory} out; the tests concerned are skipped, and the reason is printed.
 */
export function describeStorage<Transaction = never>(name: string, factory: StorageFactory<Transaction>): void {
  describe(`storage contract: ${name}`, () => {
    const notes = skipNotes(`storage contract: ${name}`);
    const scenario = scenarios(factory, notes.add);
    for (const concern of concerns) concern(scenario);
    hostTransactionConcern(factory, notes.add);
    afterAll(notes.print);
  });
}
