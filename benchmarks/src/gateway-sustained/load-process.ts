// One process of the host: steady requests at a rate, whatever the answers take, and callers who ask as fast as they are answered.
import { setTimeout as sleep } from 'node:timers/promises';
import { openChildPort } from '../child-port.ts';
import { type Ask, openClient } from './load-client.ts';
import { type LoadSettings, loadSettings } from './messages.ts';

const { argument, tell, onMessage } = openChildPort();
const settings = loadSettings.parse(argument);

/** Milliseconds that a greedy caller waits when it has been refused. */
const pauseMs = 200;

/** Sends each request when it is due, not when the one before has been answered, and takes the time from then. */
async function steadyLoad(ask: Ask, { steady, rate, milliseconds }: LoadSettings) {
  const times: number[] = [];
  const failed: Record<string, number> = {};
  const under: Promise<void>[] = [];
  const started = performance.now();
  const total = Math.floor((rate * milliseconds) / 1_000);
  for (let sent = 0; sent < total; ) {
    const due = started + (sent * 1_000) / rate;
    const now = performance.now();
    if (due > now) {
      await sleep(Math.max(1, due - now));
      continue;
    }
    const target = steady[sent % steady.length];
    if (target === undefined) break;
    sent += 1;
    const one = async (): Promise<void> => {
      const ended = await ask(target);
      if (ended === 'good') times.push(performance.now() - due);
      else failed[ended] = (failed[ended] ?? 0) + 1;
    };
    under.push(one());
  }
  await Promise.all(under);
  return { times, failed };
}

async function greedyLoad(ask: Ask, { greedy, callers, milliseconds }: LoadSettings): Promise<number> {
  const end = performance.now() + milliseconds;
  let good = 0;
  const caller = async (target: LoadSettings['greedy'][number]): Promise<void> => {
    while (performance.now() < end) {
      if ((await ask(target)) === 'good') good += 1;
      else await sleep(pauseMs);
    }
  };
  await Promise.all(greedy.flatMap((target) => Array.from({ length: callers }, () => caller(target))));
  return good;
}

const client = await openClient(settings);
// Each connection is opened once before it counts.
await Promise.all(settings.steady.map(client.ask));
const begin = async (): Promise<void> => {
  const before = process.cpuUsage();
  const [{ times, failed }, greedy] = await Promise.all([steadyLoad(client.ask, settings), greedyLoad(client.ask, settings)]);
  const { user, system } = process.cpuUsage(before);
  await client.close();
  tell({ type: 'done', times, failed, greedy, cpuMicroseconds: user + system });
};
onMessage(() => void begin());
tell({ type: 'loaded' });
