import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

it('finds what the services hold, sees an edit and a delete, and ends by itself', { timeout: 60_000 }, async () => {
  // Node 22 warns of types in programs, and of its SQLite.
  const child = spawn(process.execPath, [main], { env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1' }, timeout: 55_000 });
  const texts = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.errors += text));
  const exitCode = await new Promise((resolve) => child.once('close', resolve));
  expect(texts.errors).toBe('');
  expect(texts.output.trimEnd().split('\n')).toEqual([
    '? payment',
    '  messages: Payments are down again.: [Payments] are down again.',
    '  issues: #3 Typo: The word [payment] is misspelt.',
    '  issues: #1 Checkout fails: The [payment] page times out on Fridays.',
    '? swordfish',
    '  messages: The password of the wifi is swordfish.: The password of the wifi is [swordfish].',
    '? invoices',
    '  issues: #2 Slow search: Fixed: [invoices] are found in a second.',
    '? swordfish',
    '  nothing',
    '? payment',
    '  messages: Payments are down again.: [Payments] are down again.',
  ]);
  expect(exitCode).toBe(0);
});
