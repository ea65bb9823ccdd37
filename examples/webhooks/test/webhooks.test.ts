import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

it('receives what the shop signs, delivers what the customer wants, and ends by itself', { timeout: 30_000 }, async () => {
  // Node 22 warns of types in programs.
  const child = spawn(process.execPath, [main], { env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1' }, timeout: 25_000 });
  const texts = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.errors += text));
  const exitCode = await new Promise((resolve) => child.once('close', resolve));
  const [answers, ...lines] = texts.output.trimEnd().split('\n');
  expect(answers).toBe('answers 202 202 401 202 202');
  expect(lines.slice(0, -1).map((line) => /"number":"(A-\d)"/.exec(line)?.[1])).toEqual(['A-1', 'A-3', 'A-3']);
  expect(lines.at(-1)).toBe('events 3 · duplicates 1 · refused 1 · kept 1 · replayed 1 · delivered 2 · repeated 1');
  // The log tells of the delivery that could not be read, and of nothing else.
  const logged = texts.errors
    .trimEnd()
    .split('\n')
    .map((line) => /"code":"(\w+)"/.exec(line)?.[1]);
  expect({ exitCode, logged }).toEqual({ exitCode: 0, logged: ['expression_failed'] });
});
