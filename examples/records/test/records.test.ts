import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

it("acts on the host's own table in its own transactions, and ends by itself", { timeout: 90_000 }, async () => {
  // Node 22 warns of types in programs.
  const child = spawn(process.execPath, [main], { env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1' }, timeout: 85_000 });
  const texts = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.errors += text));
  const exitCode = await new Promise((resolve) => child.once('close', resolve));
  expect(texts.errors).toBe('');
  expect(texts.output.trimEnd().split('\n')).toEqual([
    'customer Ada: late, version 2',
    'reminder: Call Ada',
    'reminder: Invoice R-17 of Ada',
    'R-17 is linked to: Invoice R-17 of Ada',
    'all of it follows from record.invoice.updated',
    'customers 1 · reminders 2 · links 1 · chains 1',
  ]);
  expect(exitCode).toBe(0);
});
