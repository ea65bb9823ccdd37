// One contestant in a process of its own: as many requests as it makes in a time, some of them under way at once.
import type { z } from 'zod';
import { axiosClient } from '../../baselines/gateway/axios.ts';
import { gotClient } from '../../baselines/gateway/got.ts';
import { rawUndici } from '../../baselines/gateway/raw-undici.ts';
import { openChildPort } from '../child-port.ts';
import { percentile } from '../percentile.ts';
import type { Contestant } from './contestant.ts';
import { requestSettings } from './messages.ts';
import { patchbayGateway } from './patchbay-gateway.ts';
import { plainGateway } from './plain-gateway.ts';

const { argument, tell } = openChildPort();
const settings = requestSettings.parse(argument);

async function contestantOf({ contestant, origin, atOnce, database }: z.infer<typeof requestSettings>): Promise<Contestant> {
  const common = { origin, connections: atOnce };
  switch (contestant) {
    case 'undici':
      return rawUndici(common);
    case 'got':
      return gotClient(common);
    case 'axios':
      return axiosClient(common);
    case 'patchbay-plain':
      return plainGateway(common);
    default:
      return patchbayGateway({ ...common, database });
  }
}

/** Asks until the time is over. Answers how long each request took, milliseconds. */
async function askFor(contestant: Contestant, milliseconds: number): Promise<readonly number[]> {
  const end = performance.now() + milliseconds;
  const times: number[] = [];
  const lane = async (): Promise<void> => {
    let before = performance.now();
    while (before < end) {
      if ((await contestant.ask()) !== 12) throw new Error('The service has sent other things.');
      const now = performance.now();
      times.push(now - before);
      before = now;
    }
  };
  await Promise.all(Array.from({ length: settings.atOnce }, lane));
  return times;
}

const contestant = await contestantOf(settings);
await askFor(contestant, settings.milliseconds / 3);
const before = process.cpuUsage();
const started = performance.now();
const times = await askFor(contestant, settings.milliseconds);
const milliseconds = performance.now() - started;
const { user, system } = process.cpuUsage(before);
await contestant.close();
tell({
  type: 'done',
  requests: times.length,
  milliseconds,
  cpuMicroseconds: (user + system) / times.length,
  p50: percentile(times, 0.5),
  p95: percentile(times, 0.95),
  p99: percentile(times, 0.99),
});
