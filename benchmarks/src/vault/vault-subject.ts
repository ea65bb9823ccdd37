import { randomBytes } from 'node:crypto';
import { rawGcm } from '../../baselines/vault/raw-gcm.ts';
import { openChildPort } from '../child-port.ts';
import { percentile } from '../percentile.ts';
import { vaultSettings } from './messages.ts';
import { boundBytes, patchbayVault } from './patchbay-vault.ts';

const { argument, tell } = openChildPort();
const { contestant, verb, calls } = vaultSettings.parse(argument);
const { seal, open } = contestant === 'raw' ? rawGcm(boundBytes) : patchbayVault();
const plaintext = randomBytes(1_024);
const sealed = await seal(plaintext);

/** One call, asserted not to be nothing. What is synchronous is not waited for. */
const call = verb === 'seal' ? () => seal(plaintext) : () => open(sealed);
let last: Uint8Array = sealed;

async function repeat(times: number, each: (milliseconds: number) => void): Promise<void> {
  for (let done = 0; done < times; done += 1) {
    const begun = performance.now();
    const answer = call();
    last = answer instanceof Promise ? await answer : answer;
    each(performance.now() - begun);
  }
}

async function together(times: number): Promise<number> {
  const begun = performance.now();
  for (let done = 0; done < times; done += 1) {
    const answer = call();
    last = answer instanceof Promise ? await answer : answer;
  }
  return performance.now() - begun;
}

await together(Math.min(calls, 20_000));
const before = process.cpuUsage();
const milliseconds = await together(calls);
const { user, system } = process.cpuUsage(before);
const times: number[] = [];
await repeat(calls, (time) => times.push(time * 1_000));
const result = verb === 'seal' ? await open(last) : last;
if (!Buffer.from(result).equals(plaintext)) throw new Error(`${contestant} does not give back what was sealed.`);
tell({
  type: 'done',
  milliseconds,
  cpuMicroseconds: (user + system) / calls,
  p99: percentile(times, 0.99),
  p999: percentile(times, 0.999),
});
