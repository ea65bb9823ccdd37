import { expect, it } from 'vitest';
import { createServerDirectory } from './create-server-directory.ts';

/** A directory whose servers all answer as they ought to, and a count of what they were asked. */
function directory() {
  const asked: string[] = [];
  const servers = createServerDirectory({
    clock: { now: () => 0, monotonic: () => 0, setTimer: () => ({ cancel: () => undefined }) },
    turns: { take: async () => () => undefined },
    network: {
      check: () => undefined,
      request: async ({ origin: issuer }) => {
        asked.push(issuer);
        const said = { issuer, authorization_endpoint: `${issuer}/a`, token_endpoint: `${issuer}/t` };
        return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(said)), truncated: false };
      },
    },
  });
  return { servers, asked };
}

it('remembers a thousand servers, and forgets the one that was asked for longest ago', async () => {
  const { servers, asked } = directory();
  const find = (index: number) => servers.find({ issuer: `https://as-${index}.example.com`, tenant: 'acme', isShared: true });
  for (let index = 0; index < 1_000; index += 1) await find(index);
  await find(0);
  expect(asked).toHaveLength(1_000);
  await find(1_000);
  await find(0);
  expect(asked).toHaveLength(1_001);
  await find(1);
  expect(asked).toHaveLength(1_002);
});

it('shares what the host has named, and keeps what a tenant has named for that tenant', async () => {
  const { servers, asked } = directory();
  const issuer = 'https://as.example.com';
  for (const tenant of ['acme', 'globex']) await servers.find({ issuer, tenant, isShared: true });
  expect(asked).toHaveLength(1);
  for (const tenant of ['acme', 'globex', 'acme']) await servers.find({ issuer, tenant, isShared: false });
  expect(asked).toHaveLength(3);
});
