import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';
import { compileExpression } from '../../../packages/core/src/expression/compile-expression.ts';
import {
  attackExpressions,
  bombScope,
  compileBombs,
  costBombs,
  longTexts,
  slowPatterns,
} from '../../baselines/expression-bounds/hostile-sources.ts';
import { openChildPort } from '../child-port.ts';
import { boundsSettings } from './messages.ts';

const { argument, tell } = openChildPort();
const { rounds } = boundsSettings.parse(argument);

setFlagsFromString('--expose-gc');
const collect = z.function({ input: [], output: z.void() }).implement(runInNewContext('gc'));

interface Worst {
  compileMs: number;
  evaluationMs: number;
  heapMebibytes: number;
}

/** The processor's time for this process: what others do on the machine is not measured. */
function timed(run: () => unknown): number {
  const before = process.cpuUsage();
  try {
    run();
  } catch {
    // Refused or out of fuel: an end like any other.
  }
  return process.cpuUsage(before).user / 1_000;
}

function compiled(source: string): ReturnType<typeof compileExpression> | null {
  try {
    return compileExpression(source);
  } catch {
    return null;
  }
}

/** The best of several rounds: what the source takes, and not what the machine was doing. */
function measure(source: string, scope: Readonly<Record<string, unknown>>): Worst {
  const found: Worst = { compileMs: Infinity, evaluationMs: Infinity, heapMebibytes: 0 };
  for (let round = 0; round < rounds; round += 1) {
    found.compileMs = Math.min(
      found.compileMs,
      timed(() => compiled(source)),
    );
    const expression = compiled(source);
    if (expression === null) return { ...found, evaluationMs: 0 };
    collect();
    const heapBefore = process.memoryUsage().heapUsed;
    found.evaluationMs = Math.min(
      found.evaluationMs,
      timed(() => expression.evaluate(scope)),
    );
    found.heapMebibytes = Math.max(found.heapMebibytes, (process.memoryUsage().heapUsed - heapBefore) / 1_048_576);
  }
  return found;
}

const patterns = [...slowPatterns, ...longTexts].map(({ pattern, text }) => ({
  source: `event.text.matches(${JSON.stringify(pattern)})`,
  scope: { event: { text } },
}));
const sources = [...attackExpressions, ...costBombs, ...compileBombs].map((source) => ({ source, scope: bombScope }));
const worst: Worst = { compileMs: 0, evaluationMs: 0, heapMebibytes: 0 };
for (const { source, scope } of [...patterns, ...sources]) {
  const { compileMs, evaluationMs, heapMebibytes } = measure(source, scope);
  worst.compileMs = Math.max(worst.compileMs, compileMs);
  worst.evaluationMs = Math.max(worst.evaluationMs, evaluationMs);
  worst.heapMebibytes = Math.max(worst.heapMebibytes, heapMebibytes);
}
tell({ type: 'done', ...worst, sources: patterns.length + sources.length });
