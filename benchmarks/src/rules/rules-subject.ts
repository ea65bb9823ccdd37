import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';
import { celJs } from '../../baselines/rules/cel-js.ts';
import { indexedClosures } from '../../baselines/rules/indexed-closures.ts';
import { jsonRulesEngine } from '../../baselines/rules/json-rules-engine.ts';
import { openChildPort } from '../child-port.ts';
import { rulesSettings } from './messages.ts';
import { patchbayRules } from './patchbay-rules.ts';
import { ruleWorkload } from './rule-workload.ts';

const contestants = { closures: indexedClosures, patchbay: patchbayRules, 'json-rules-engine': jsonRulesEngine, 'cel-js': celJs };

/** Events are parsed afresh, as they come in; so many take turns. */
const payloadCount = 32;

/** Milliseconds of warming up, at most. */
const warmMs = 1_000;

const { argument, tell } = openChildPort();
const { contestant, rules: count, events } = rulesSettings.parse(argument);
const { text, rules, matching } = ruleWorkload(count);

setFlagsFromString('--expose-gc');
const collect = z.function({ input: [], output: z.void() }).implement(runInNewContext('gc'));
const heapNow = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};

const heapBefore = heapNow();
const compileBegun = performance.now();
const match = contestants[contestant](rules);
const compileMicroseconds = ((performance.now() - compileBegun) * 1_000) / count;
const bytesPerRule = (heapNow() - heapBefore) / count;

const payloads: readonly unknown[] = Array.from({ length: payloadCount }, () => JSON.parse(text));

const found = [...(await match(payloads[0]))].sort();
if (JSON.stringify(found) !== JSON.stringify(matching))
  throw new Error(`${contestant} found ${found.length} rules, and ${matching.length} hold. It decides otherwise than the workload.`);

/** What is synchronous is not waited for. */
async function together(times: number, untilMs = Number.POSITIVE_INFINITY): Promise<number> {
  const begun = performance.now();
  for (let done = 0; done < times && performance.now() - begun < untilMs; done += 1) {
    const answer = match(payloads[done % payloadCount]);
    const ids = Array.isArray(answer) ? answer : await answer;
    if (ids.length !== matching.length) throw new Error(`${contestant} found ${ids.length} rules instead of ${matching.length}.`);
  }
  return performance.now() - begun;
}

await together(events, warmMs);
const before = process.cpuUsage();
const milliseconds = await together(events);
const { user, system } = process.cpuUsage(before);
tell({ type: 'done', milliseconds, cpuMicroseconds: (user + system) / events, bytesPerRule, compileMicroseconds });
