import type { AttemptRecord } from '@patchbay/core/adapter';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { checkAccount, requestsOf } from './support/check-account.ts';
import { type Experiment, postgresExperiment, stuckAfterMs } from './support/experiment.ts';
import { killAtRandom } from './support/kill-at-random.ts';
import { type Account, readAccount } from './support/read-account.ts';
import { percentile, reportFigure } from './support/report-figure.ts';
import { chanceOf } from './support/seed.ts';
import { patienceMs, sizes } from './support/sizes.ts';
import { watchOverdue } from './support/watch-overdue.ts';

const figures = { concurrency: 4, leaseMs: 6_000, pollMs: 200 };

let experiment: Experiment;
beforeEach(async () => {
  experiment = await postgresExperiment({ url: inject('databaseUrl'), figures });
}, 60_000);
afterEach(() => experiment?.close(), 60_000);

/** Milliseconds from each kill to the next request of what the dead worker had in flight. */
function delaysOf({ lines }: Account): readonly number[] {
  const { crew, provider } = experiment;
  const killedAt = new Map(crew.killings.map(({ worker, at }) => [worker.holder(), at]));
  return lines.flatMap(({ key, attempts }) =>
    attempts.flatMap(({ holder, outcome }) => {
      const at = outcome === 'succeeded' ? undefined : killedAt.get(holder);
      const next =
        at === undefined
          ? undefined
          : requestsOf(provider)
              .get(key)
              ?.find((request) => request.at > at);
      return at === undefined || next === undefined ? [] : [next.at - at];
    }),
  );
}

it('workers that are killed at random lose nothing, and repeat nothing but what they had in flight', { timeout: patienceMs }, async () => {
  const { deliveries, kills } = sizes.kills;
  const random = chanceOf('kill');
  const { crew, provider, database } = experiment;
  await experiment.hire(4);
  const { mayStart } = killAtRandom({ crew, provider, kills, deliveries, random });
  const overdue = watchOverdue(database);
  const sender = experiment.sender(random.pick);
  await sender.deliverAll({ count: deliveries, atOnce: 16, mayStart });
  await experiment.ended();

  const account = await readAccount(database.storage.history);
  const killed = new Set(crew.killings.map(({ worker }) => worker.holder()));
  const isExcused = ({ error, holder }: AttemptRecord): boolean => error?.code === 'crashed' && killed.has(holder);
  const holders = new Map(crew.all.map((worker) => [worker.name, worker.holder() ?? 'none']));
  expect(checkAccount({ account, provider, acknowledged: sender.acknowledged, isExcused, holders }), random.again).toEqual([]);
  expect([sender.acknowledged.size, crew.killings.length, crew.deaths()]).toEqual([deliveries, kills, []]);
  expect(provider.requests.length - provider.effects.size).toBeLessThanOrEqual(kills * figures.concurrency);
  const longestMs = await overdue.end();
  expect(longestMs, random.again).toBeLessThan(stuckAfterMs);
  const delays = delaysOf(account);
  reportFigure(
    'dispatches in flight at a kill',
    `${account.lines.flatMap(({ attempts }) => attempts.slice(1)).length} of ${account.lines.length}`,
  );
  const p95 = percentile(delays, 0.95) ?? Number.NaN;
  reportFigure('kill -9 to the next request, p95', `${Math.round(p95)} ms (lease + poll: ${figures.leaseMs + figures.pollMs} ms)`);
  reportFigure('a lease that had ended was left alone for, at most', `${Math.round(longestMs)} ms`);
});
