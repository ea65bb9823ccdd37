import { describe, expect, it } from 'vitest';
import { createServerTurns } from './create-server-turns.ts';

/** Turns over timers that run when a test says so. */
function turnsWithTimers() {
  const timers = new Set<() => void>();
  const turns = createServerTurns({
    setTimer: (run) => {
      timers.add(run);
      return { cancel: () => void timers.delete(run) };
    },
  });
  return { turns, timers };
}

const server = 'https://as.example.com';

/** Asks for turns, and tells whose came, in order. */
function callers(turns: ReturnType<typeof createServerTurns>, most: number) {
  const order: string[] = [];
  const leave: (() => void)[] = [];
  const refused: string[] = [];
  const ask = (tenant: string, at = server): Promise<void> =>
    turns.take({ server: at, tenant, most }).then(
      (done) => {
        order.push(tenant);
        leave.push(done);
      },
      () => void refused.push(tenant),
    );
  return { order, leave, refused, ask };
}

const settle = async (): Promise<void> => {
  for (let index = 0; index < 5; index += 1) await Promise.resolve();
};

describe('turns at an authorization server', () => {
  it('are no more at a time than its connector lets there be, 16 unless it says otherwise, and each server has its own', async () => {
    const { turns } = turnsWithTimers();
    let [under, most] = [0, 0];
    const call = async (at: string, tenant: string): Promise<void> => {
      const leave = await turns.take({ server: at, tenant });
      under += 1;
      most = Math.max(most, under);
      await settle();
      under -= 1;
      leave();
    };
    await Promise.all(Array.from({ length: 800 }, (_, index) => call(server, `tenant-${index % 8}`)));
    expect(most).toBe(16);
    most = 0;
    await Promise.all(Array.from({ length: 100 }, (_, index) => call(`https://as-${index % 2}.example.com`, 'acme')));
    expect(most).toBe(32);
  });

  it('go around among tenants, and in the order of coming within one', async () => {
    const { turns } = turnsWithTimers();
    const { order, leave, ask } = callers(turns, 1);
    for (let index = 0; index < 5; index += 1) void ask('crowd');
    for (const tenant of ['quiet', 'calm', 'quiet']) void ask(tenant);
    for (let index = 0; index < 8; index += 1) {
      await settle();
      leave[index]?.();
    }
    await settle();
    expect(order).toEqual(['crowd', 'crowd', 'quiet', 'calm', 'crowd', 'quiet', 'crowd', 'crowd']);
  });

  it('that do not come in five seconds end unsent, and the next ones come all the same', async () => {
    const { turns, timers } = turnsWithTimers();
    const { order, leave, ask } = callers(turns, 1);
    void ask('acme');
    const late = turns.take({ server, tenant: 'globex', most: 1 });
    const [expire] = timers;
    expire?.();
    await expect(late).rejects.toMatchObject({ code: 'provider_unavailable', retryable: true, sent: 'no' });
    void ask('initech');
    await settle();
    leave[0]?.();
    await settle();
    expect([order, timers.size]).toEqual([['acme', 'initech'], 1]);
  });

  it('are waited for by 250 calls of one tenant and 1,000 in all, and the rest is refused at once', async () => {
    const { turns, timers } = turnsWithTimers();
    const { refused, ask } = callers(turns, 1);
    void ask('acme');
    for (let index = 0; index < 300; index += 1) void ask('crowd');
    await settle();
    expect([refused.length, timers.size]).toEqual([50, 250]);
    for (let index = 0; index < 800; index += 1) void ask(`tenant-${index}`);
    await settle();
    expect([refused.length, timers.size]).toEqual([100, 1_000]);
  });

  it('let 10,000 renewals that come in one moment through, a few at a time, where those that are turned away come again', async () => {
    const { turns } = turnsWithTimers();
    let [under, most, rounds] = [0, 0, 0];
    const isAway = async (tenant: string): Promise<boolean> => {
      const leave = await turns.take({ server, tenant }).catch(() => null);
      if (leave === null) return true;
      under += 1;
      most = Math.max(most, under);
      await Promise.resolve();
      under -= 1;
      leave();
      return false;
    };
    for (let left = Array.from({ length: 10_000 }, (_, index) => `tenant-${index % 100}`); left.length > 0; rounds += 1) {
      const away = await Promise.all(left.map(isAway));
      left = left.filter((_, index) => away[index]);
    }
    expect([most, rounds]).toEqual([16, 10]);
  });

  it('are given back once, however often it is said', async () => {
    const { turns } = turnsWithTimers();
    const { order, leave, ask } = callers(turns, 1);
    for (const tenant of ['a', 'b', 'c']) void ask(tenant);
    await settle();
    leave[0]?.();
    leave[0]?.();
    await settle();
    expect(order).toEqual(['a', 'b']);
  });
});
