import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { repositoryRoot } from '../architecture/source-tree.ts';

const module = pathToFileURL(join(repositoryRoot, 'scripts/run-quietly.mjs')).href;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-quietly-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/**
 * Runs a program quietly in a process of its own, and tells what a person would see, without times. The program is given the path of a file
 * that is there once its last line was said on the way.
 */
function quietly(program: string, settings: object = {}): { stdout: string; lines: string[] } {
  const seen = join(folder, 'seen');
  const step = { name: 'build', command: process.execPath, args: ['-e', program, seen], ...settings };
  const script = `
    import { runQuietly } from ${JSON.stringify(module)};
    import { writeFileSync } from 'node:fs';
    const report = (line) => {
      console.error('[dev] ' + line);
      if (line.endsWith('ready')) writeFileSync(${JSON.stringify(seen)}, '');
    };
    console.log(await runQuietly({ ...${JSON.stringify(step)}, report }).catch((error) => error.code));
  `;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return {
    stdout: child.stdout.trim(),
    lines: child.stderr
      .trimEnd()
      .replaceAll(/\d+\.\d s/g, '# s')
      .split('\n'),
  };
}

it('reports one line of a step that succeeds, whatever the step says', () => {
  const talkative = "for (let line = 0; line < 50; line += 1) { console.log('out', line); console.error('error', line); }";
  expect(quietly(talkative)).toEqual({ stdout: '0', lines: ['[dev] build: # s'] });
});

it('shows everything that a failed step said, and its exit status', () => {
  const failing = "console.log('first'); console.error('second'); process.exitCode = 3;";
  const { stdout, lines } = quietly(failing);
  expect(stdout).toBe('3');
  expect(lines.slice(0, 2).sort()).toEqual(['first', 'second']);
  expect(lines.slice(2)).toEqual(['[dev] build: # s (exit 3)']);
});

it('counts a step that was killed as failed', () => {
  expect(quietly("process.kill(process.pid, 'SIGKILL');")).toEqual({ stdout: '1', lines: ['[dev] build: # s (exit 1)'] });
});

it('says from time to time how long a step takes already, and what it said last', () => {
  // Goes on until that has been said.
  const slow = `process.stdout.write('\\u001b[32mready\\u001b[0m\\n'); setInterval(() => require('node:fs').existsSync(process.argv[1]) && process.exit(), 5)`;
  const { stdout, lines } = quietly(slow, { intervalMs: 20 });
  expect(stdout).toBe('0');
  expect(lines).toContain('[dev] build: # s so far … ready');
  expect(lines.at(-1)).toBe('[dev] build: # s');
});

it('fails where the step cannot be started', () => {
  expect(quietly('', { command: join(repositoryRoot, 'no-such-program') })).toEqual({ stdout: 'ENOENT', lines: [''] });
});
