import { handWrittenFlow } from '../../baselines/oauth-flow/hand-written.ts';
import { openChildPort } from '../child-port.ts';
import { percentile } from '../percentile.ts';
import { flowSettings } from './messages.ts';
import { patchbayFlow } from './patchbay-flow.ts';

const { argument, tell } = openChildPort();
const { contestant, origin, flows, atOnce } = flowSettings.parse(argument);
const { begin, finish } = contestant === 'patchbay' ? patchbayFlow(origin) : handWrittenFlow(origin);

/** One flow, with a person who says yes at once. Answers how long it took, milliseconds. */
async function connect(flow: number): Promise<number> {
  const started = performance.now();
  const asked = (await begin(flow)).searchParams;
  const given = { code: asked.get('code_challenge') ?? '', state: asked.get('state') ?? '' };
  await finish(flow, new URLSearchParams(given));
  return performance.now() - started;
}

/** So many flows, some at a time. Answers how long each took. */
async function connectAll(first: number, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  let next = first;
  const lane = async (): Promise<void> => {
    while (next < first + count) times.push(await connect(next++));
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return times;
}

const warmUp = Math.min(flows, 500);
await connectAll(0, warmUp);
const before = process.cpuUsage();
const started = performance.now();
const times = await connectAll(warmUp, flows);
const milliseconds = performance.now() - started;
const { user, system } = process.cpuUsage(before);
tell({
  type: 'done',
  milliseconds,
  cpuMicroseconds: (user + system) / flows,
  p50: percentile(times, 0.5),
  p99: percentile(times, 0.99),
});
