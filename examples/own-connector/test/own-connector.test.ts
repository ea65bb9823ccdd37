import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

it('connects, acts once whatever the service does, hears of what happens there, and ends by itself', { timeout: 60_000 }, async () => {
  // Node 22 warns of types in programs.
  const child = spawn(process.execPath, [main], { env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1' }, timeout: 55_000 });
  const texts = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.errors += text));
  const exitCode = await new Promise((resolve) => child.once('close', resolve));
  expect(texts.errors).toBe('');
  expect(texts.output.trimEnd().split('\n')).toEqual([
    'connected as Ada',
    'lists to choose from: Home, Work',
    'a locked list: failed, succeeded',
    'a lost answer: unknown, succeeded; tasks: 2',
    'beyond the limit, page by page: 14 tasks',
    'webhooks: 202, 202, 401',
    'follow-up: Check: Buy paper',
    'home 14 · work 1',
  ]);
  expect(exitCode).toBe(0);
});
