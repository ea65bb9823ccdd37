import { afterAll, beforeAll, describe, it } from 'vitest';
import { skipNotes } from '../storage-suite/skip-notes.ts';
import { linkScenarios } from './link-scenarios.ts';
import { readingScenarios } from './reading-scenarios.ts';
import type { RecordScenario } from './record-scenario.ts';
import { recordStage } from './record-stage.ts';
import type { RecordSubject } from './record-subject.ts';
import { tellingScenarios } from './telling-scenarios.ts';
import { writingScenarios } from './writing-scenarios.ts';

/** Everything that an adapter is held to. */
export const recordScenarios: readonly RecordScenario[] = [...readingScenarios, ...writingScenarios, ...linkScenarios, ...tellingScenarios];

/**
 * Holds a host's record adapter to its contract, for each type of which the host gives a sample. It makes, changes and deletes records of the two tenants and
 * nothing else: run it against a database for tests. What the adapter does not offer is skipped, with the reason.
 */
export function describeRecordAdapter(name: string, types: readonly string[], create: () => Promise<RecordSubject>): void {
  describe(`the record adapter ${name}`, () => {
    let subject: RecordSubject;
    const notes = skipNotes(name);
    beforeAll(async () => {
      subject = await create();
    });
    afterAll(async () => {
      notes.print();
      await subject.close?.();
    });
    describe.each(types)('with records of type %s', (type) => {
      it.for(recordScenarios)('$title', async ({ skip, run }, context) => {
        const sample = subject.samples.find((each) => each.type === type);
        if (sample === undefined) throw new Error(`The subject has no sample of ${type}.`);
        const stage = await recordStage(subject, sample);
        const reason = skip?.(stage) ?? null;
        if (reason === null) return run(stage);
        notes.add(reason);
        return context.skip(reason);
      });
    });
  });
}
