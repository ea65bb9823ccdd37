import { describe } from 'vitest';
import { bornLeasedConcern } from './born-leased-concern.ts';
import { claimConcern } from './claim-concern.ts';
import { ingestConcern } from './ingest-concern.ts';
import { leaseConcern } from './lease-concern.ts';
import { settleConcern } from './settle-concern.ts';
import { type Scenario, scenarios } from './stage.ts';
import type { StorageFactory } from './storage-factory.ts';

const concerns: Readonly<Record<string, (scenario: Scenario) => void>> = {
  ingest: ingestConcern,
  'born leased': bornLeasedConcern,
  claim: claimConcern,
  leases: leaseConcern,
  settle: settleConcern,
};
/**
 * Declares the conformance suite of the storage contract. What an adapter cannot do it says in `capabilities`, or by leaving out
 * `second` or `begin`; the tests concerned are skipped and print the reason.
 */
export function describeStorage<Transaction = never>(name: string, factory: StorageFactory<Transaction>): void {
  describe(`storage contract: ${name}`, () => {
    const scenario = scenarios(factory);
    for (const concern of Object.values(concerns)) concern(scenario);
  });
}
