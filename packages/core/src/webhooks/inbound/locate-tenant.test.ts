import { expect, it } from 'vitest';
import { createTenantLocator } from './locate-tenant.ts';

function setUp() {
  const asked: string[] = [];
  const locate = createTenantLocator({
    async locateRegistration(id) {
      asked.push(id);
      return id.startsWith('r') ? `tenant of ${id}` : null;
    },
  });
  return { asked, locate };
}

it('asks for a registration once', async () => {
  const { asked, locate } = setUp();
  expect([await locate('r1'), await locate('r1'), await locate('r2')]).toEqual(['tenant of r1', 'tenant of r1', 'tenant of r2']);
  expect(asked).toEqual(['r1', 'r2']);
});

it('remembers nothing that does not exist: it may exist in a moment, and strangers make up as many as they like', async () => {
  const { asked, locate } = setUp();
  for (let times = 0; times < 3; times += 1) expect(await locate('x1')).toBeNull();
  expect(asked).toEqual(['x1', 'x1', 'x1']);
});

it('remembers a bounded number', async () => {
  const { asked, locate } = setUp();
  for (let number = 0; number <= 10_000; number += 1) await locate(`r${number}`);
  asked.length = 0;
  await locate('r10000');
  await locate('r0');
  expect(asked).toEqual(['r0']);
});
