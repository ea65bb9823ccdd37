import type { z } from 'zod';
import type { Benchmark, Case, Sample } from '../benchmark.ts';
import { startChild } from '../start-child.ts';
import { rulesDone, type rulesSettings } from './messages.ts';

type Settings = z.infer<typeof rulesSettings>;

const module = new URL('rules-subject.ts', import.meta.url);

/** Milliseconds for one sample, after which it is given up. */
const sampleMs = 180_000;

async function sampleRules(name: string, argument: Settings): Promise<Sample> {
  const child = startChild({ name, module, argument });
  try {
    const { milliseconds, cpuMicroseconds, bytesPerRule, compileMicroseconds } = await child.hear(rulesDone, sampleMs);
    return {
      value: (argument.events / milliseconds) * 1_000,
      cpuMicroseconds,
      notes: { 'us/event': (milliseconds * 1_000) / argument.events, 'bytes/rule': bytesPerRule, 'compile us/rule': compileMicroseconds },
    };
  } finally {
    await child.stop();
  }
}

/** Events of one trigger against so many rules. `events` take about a second by hand; the slower ones get fewer. */
const ruleSpeed = (rules: number, events: number): Benchmark => ({
  name: `rules-${rules}`,
  unit: 'events/s',
  title: `one true GitHub event of 11.6 KB against ${rules.toLocaleString('en-US')} rules of its trigger, three conditions each, 1 % match`,
  better: 'higher',
  reach: 0.6,
  peerReach: 20,
  peerReaches: { 'json-rules-engine 7.3.1': 1_000 },
  repetitions: { full: 7, quick: 1 },
  async prepare({ quick, baselinesOnly }) {
    const measured = (role: Case['role'], name: string, contestant: Settings['contestant'], slower = 1): Case => ({
      name,
      role,
      sample: () => sampleRules(name, { contestant, rules, events: Math.ceil(events / slower / (quick ? 5 : 1)) }),
    });
    return {
      cases: [
        measured('limit', 'indexed closures', 'closures'),
        ...(baselinesOnly ? [] : [measured('ours', 'the hub', 'patchbay')]),
        measured('peer', '@marcbachmann/cel-js 8.0.0', 'cel-js', 100),
        measured('peer', 'json-rules-engine 7.3.1', 'json-rules-engine', 5_000),
        measured('control', 'indexed closures again', 'closures'),
      ],
      close: async () => {},
    };
  },
});

/** 1,000 rules. */
export const rules1000: Benchmark = ruleSpeed(1_000, 100_000);

/** 10,000 rules. */
export const rules10000: Benchmark = ruleSpeed(10_000, 10_000);
