import { type AsyncCommand, assert, asyncModelRun, asyncProperty, commands } from 'fast-check';
import { describe, it } from 'vitest';
import type { StorageFactory } from '../storage-suite/storage-factory.ts';
import { expectStore } from './expect-store.ts';
import { createModel, type Model, type ModelStage } from './model.ts';
import { amendStep, cancelRunStep } from './steps/amend-steps.ts';
import { auditStep } from './steps/audit-steps.ts';
import { claimStep, nextDueStep } from './steps/claim-steps.ts';
import { advanceStep, closeStep, countStep, leaseStep, openStep, writeStep } from './steps/control-steps.ts';
import { beginStep, deferStep, extendStep } from './steps/hold-steps.ts';
import { ingestAgainStep, ingestStep } from './steps/ingest-steps.ts';
import { appendStep, journalStep, pruneStep } from './steps/journal-steps.ts';
import { claimMarksStep, routingAgainStep, routingStep } from './steps/routing-steps.ts';
import { settleAgainStep, settleStep } from './steps/settle-steps.ts';
import { stateStep } from './steps/state-steps.ts';

/** How long and how often {@link describeStorageModel} tries. */
export interface StorageModelOptions {
  /** Sequences of commands. @default 100 */
  readonly runs?: number;
  /** Most commands in a sequence. @default 100 */
  readonly commands?: number;
  /** Repeats the sequences of an earlier run with as many `runs`; a failure prints the seed. @default a random one */
  readonly seed?: number;
  /** Milliseconds for all of it. @default 120,000 */
  readonly timeoutMs?: number;
}

// What happens most stands here several times.
const steps = [
  ...[ingestStep, ingestStep, ingestStep, ingestAgainStep],
  ...[claimStep, claimStep, claimStep, claimStep, claimStep, claimStep],
  ...[settleStep, settleStep, settleStep, settleStep, settleAgainStep],
  ...[beginStep, deferStep, extendStep, advanceStep, advanceStep, advanceStep],
  ...[amendStep, amendStep, cancelRunStep],
  ...[claimMarksStep, routingStep, routingStep, routingAgainStep],
  ...[closeStep, openStep, openStep, nextDueStep, writeStep, leaseStep, countStep, stateStep, auditStep, auditStep],
  ...[appendStep, appendStep, journalStep, pruneStep],
];

async function runSequence<Transaction>(
  factory: StorageFactory<Transaction>,
  sequence: Iterable<AsyncCommand<Model, ModelStage>>,
): Promise<void> {
  const subject = await factory.create();
  try {
    const model = createModel(await subject.storage.now());
    const stage: ModelStage = { storage: subject.storage, advance: (ms) => subject.advance(ms) };
    await asyncModelRun(() => ({ model, real: stage }), sequence);
    await expectStore(model, subject.storage);
  } finally {
    await subject.close();
  }
}

/**
 * Drives a storage by random commands, repeated and late ones among them, and compares each answer, and at the end the whole store, with
 * a model that is a few lists. A failure is shrunk to few commands and printed with the seed, by which it can be repeated.
 */
export function describeStorageModel<Transaction = never>(
  name: string,
  factory: StorageFactory<Transaction>,
  options: StorageModelOptions = {},
): void {
  const { runs = 100, timeoutMs = 120_000, seed } = options;
  describe(`storage model: ${name}`, () => {
    it(`agrees with the model in ${runs} sequences of commands`, { timeout: timeoutMs }, async () => {
      const sequences = commands(steps, { maxCommands: options.commands ?? 100, size: 'max' });
      const property = asyncProperty(sequences, (sequence) => runSequence(factory, sequence));
      await assert(property, { numRuns: runs, ...(seed === undefined ? {} : { seed }) });
    });
  });
}
