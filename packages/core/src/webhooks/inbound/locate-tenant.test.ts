import { expect, it } from 'vitest';
import { createManualClock } from '../../net/__fixtures__/manual-clock.ts';
import { createTenantLocator } from './locate-tenant.ts';

function setUp(locateRegistration = async (id: string) => (id.startsWith('r') ? `tenant of ${id}` : null)) {
  const clock = createManualClock();
  const asked: string[] = [];
  const locate = createTenantLocator({
    clock,
    store: {
      locateRegistration(id) {
        asked.push(id);
        return locateRegistration(id);
      },
    },
  });
  return { clock, asked, locate };
}

it('asks for a registration once', async () => {
  const { asked, locate } = setUp();
  expect([await locate('r1'), await locate('r1'), await locate('r2')]).toEqual(['tenant of r1', 'tenant of r1', 'tenant of r2']);
  expect(asked).toEqual(['r1', 'r2']);
});

it('asks once a second for what does not exist, and finds what exists by then', async () => {
  const made = new Set<string>();
  const { clock, asked, locate } = setUp(async (id) => (made.has(id) ? 'acme' : null));
  for (let times = 0; times < 3; times += 1) expect(await locate('x1')).toBeNull();
  expect(asked).toEqual(['x1']);
  made.add('x1');
  clock.advance(999);
  expect(await locate('x1')).toBeNull();
  clock.advance(1);
  expect(await locate('x1')).toBe('acme');
  expect(asked).toEqual(['x1', 'x1']);
});

it('finds a registration that was made a moment ago, whatever strangers have asked for', async () => {
  const { asked, locate } = setUp();
  await Promise.all(Array.from({ length: 500 }, (_, number) => locate(`x${number}`)));
  asked.length = 0;
  expect(await locate('r1')).toBe('tenant of r1');
  expect(asked).toEqual(['r1']);
});

it.each([
  ['that exist', 'r'],
  ['that do not', 'x'],
])('remembers a bounded number of those %s', async (_which, letter) => {
  const { asked, locate } = setUp();
  for (let number = 0; number <= 10_000; number += 500) {
    await Promise.all(Array.from({ length: Math.min(500, 10_001 - number) }, (_, index) => locate(`${letter}${number + index}`)));
  }
  asked.length = 0;
  await locate(`${letter}10000`);
  await locate(`${letter}0`);
  expect(asked).toEqual([`${letter}0`]);
});

it('has few look-ups under way at once, and turns nobody away as unknown whom it has not looked for', async () => {
  const held: (() => void)[] = [];
  const { asked, locate } = setUp(
    (id) =>
      new Promise((resolve) => {
        held.push(() => resolve(id === 'x1007' ? 'acme' : null));
      }),
  );
  const strangers = Array.from({ length: 1_008 }, (_, number) => locate(`x${number}`).catch(({ code }) => code));
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toHaveLength(8);
  let answered = false;
  const all = Promise.all(strangers).finally(() => {
    answered = true;
  });
  while (!answered) {
    expect(held.length).toBeLessThanOrEqual(8);
    for (const letGo of held.splice(0)) letGo();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const answers = await all;
  expect(answers.slice(0, 1_000)).toEqual(Array.from({ length: 1_000 }, () => null));
  expect(answers.slice(1_000)).toEqual(Array.from({ length: 8 }, () => 'overloaded'));
});
