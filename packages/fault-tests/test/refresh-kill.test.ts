import { once } from 'node:events';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { type RefreshStage, refreshStage, turnOf } from './support/refresh-stage.ts';
import { reportFigure } from './support/report-figure.ts';
import { type Chance, chanceOf } from './support/seed.ts';
import { patienceMs, sizes } from './support/sizes.ts';
import type { WorkerProcess } from './support/start-worker.ts';
import { forgiving } from './support/strict-server.ts';

const { rounds, processes, grants } = sizes.refreshKills;

/** Longest wait between the request after which a process is killed and the kill, milliseconds: some answers are stored by then. */
const longestWait = 15;

let stage: RefreshStage;
beforeEach(async () => {
  stage = await refreshStage(inject('databaseUrl'));
}, 60_000);
afterEach(() => stage.close(), 60_000);

/** Grants of one process in one round, every second one forgiving. */
const namesOf = (round: number, process: number): string[] =>
  Array.from({ length: grants }, (_, index) => `${index % 2 === 0 ? 'strict' : forgiving}-${round}-${process}-${index}`);

/** Has a process use its connections, and kills it while it renews some of their tokens. */
async function killWhileItRenews(victim: WorkerProcess, names: readonly string[], random: Chance): Promise<void> {
  const { server } = stage;
  const after = random.between(1, names.length);
  const waitMs = random.between(0, longestWait);
  const asked = () => server.asked.filter((token) => names.some((name) => token.startsWith(`refresh-token-${name}-`))).length;
  const gone = once(victim.process, 'close');
  victim.tell(`call 1 ${names.join(' ')}`);
  while (asked() < after) await new Promise((resolve) => void setImmediate(resolve));
  await new Promise((resolve) => void setTimeout(resolve, waitMs));
  await victim.kill();
  await gone;
}

it(
  `of ${rounds * processes * grants} grants under renewal by ${rounds * processes} processes that are killed, none is lost in silence`,
  async () => {
    const random = chanceOf('refresh-kill');
    const { server } = stage;
    const [rescuer] = await stage.start(1);
    if (!rescuer) throw new Error('One was started.');
    const ends = { renewed: 0, lost: 0 };
    for (let round = 1; round <= rounds; round += 1) {
      const lists = Array.from({ length: processes }, (_, process) => namesOf(round, process));
      await stage.connect(lists.flat());
      const victims = await stage.start(processes);
      await Promise.all(victims.map((victim, index) => killWhileItRenews(victim, lists[index] ?? [], random)));
      // A renewal whose process is gone is taken over when its lease has ended: a call's usual time may be over by then.
      rescuer.tell('within 60000');
      rescuer.tell(`call 1 ${lists.flat().join(' ')}`);
      const [good] = await turnOf(round, [rescuer]);
      const after = await Promise.all(lists.flat().map((name) => stage.connection(name)));
      const lost = after.filter(({ status, statusReason }) => status === 'token_invalid' && statusReason === 'answer_lost');
      expect(after.filter((each) => each.status !== 'active' && !lost.includes(each))).toEqual([]);
      expect(lost.filter(({ connector }) => connector !== 'papers')).toEqual([]);
      expect(good, random.again).toBe(after.length - lost.length);
      expect(server.revoked(), random.again).toEqual([]);
      ends.renewed += after.length - lost.length;
      ends.lost += lost.length;
    }
    reportFigure('grants that were renewed after a kill', String(ends.renewed));
    reportFigure('grants whose answer went with a process, and that say so', String(ends.lost));
  },
  patienceMs,
);
