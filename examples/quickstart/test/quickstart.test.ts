import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs the program as a person would, on the built packages. One that does not end by itself is killed and has no exit code. */
function quickstart(parameters: readonly string[] = [], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...parameters], {
    // Node 22 warns of types in programs.
    env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 25_000,
    killSignal: 'SIGKILL',
  });
  const texts = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.errors += text;
  });
  return new Promise((resolve) => child.once('close', (exitCode) => resolve({ exitCode, ...texts })));
}

/** The kind and text of each line of a part, without times, ids and random waits. */
function linesOf(output: string, part: number): readonly string[] {
  const lines = (output.split('\n\n')[part] ?? '').split('\n').slice(1);
  return lines.map((line) =>
    line
      .slice(11)
      .replace(/ +/g, ' ')
      .replace(/…[0-9a-f]{8}/g, '…')
      .replace(/[\d.]+ (ms|s|kB)\b/g, '# $1')
      .trim(),
  );
}

/** The lines, with the answer taken out to the front: its sender may see it before or after the first step. */
function withoutAnswer(lines: readonly string[]): readonly string[] {
  const at = lines.findIndex((line) => line.startsWith('answer'));
  const committed = lines.slice(0, at).some((line) => line.startsWith('event'));
  return [`${lines[at]}, ${committed ? 'after' : 'before'} event`, ...lines.toSpliced(at, 1)];
}

describe('the quickstart', { timeout: 30_000 }, () => {
  it('makes one ticket and one message of each true event, and ends by itself', async () => {
    const { exitCode, output, errors } = await quickstart();
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    const counts = Object.fromEntries(
      (output.trimEnd().split('\n').at(-1) ?? '').split(' · ').map((count) => {
        const [name, number] = count.split(' ');
        return [name, Number(number)];
      }),
    );
    const once = { duplicates: 1, refused: 1, unmatched: 1 };
    expect(counts).toEqual({ events: 3, runs: 2, tickets: 2, messages: 2, ...once, retries: 2 });
    const [answered, ...first] = withoutAnswer(linesOf(output, 1));
    expect(first).toEqual([
      'receipt POST /hub/webhooks/github/… · delivery … · # kB, signed',
      'event github.issue.opened · Codertocat/Hello-World#1 · …',
      'run triage v1, because event.data.issue.labels: some item with name equals "bug"',
      'step ticket jira.create_issue attempt 1 · # ms · OPS-1',
      'step tell slack.send_message attempt 1 · # ms · "Filed OPS-1: Spelling error in the README file"',
      'done triage succeeded · 2 steps · 2 attempts · # ms',
    ]);
    // Acknowledged only after the event was committed.
    expect(answered).toBe('answer 202 Accepted, after event');
    expect(linesOf(output, 2)[1]).toBe('duplicate of event …, so nothing more happens');
    expect(linesOf(output, 3)).toEqual([
      'receipt POST /hub/webhooks/github/… · delivery … · # kB, changed after it was signed',
      'refused signature_wrong',
      'answer 401 Unauthorized',
    ]);
    expect(output.match(/^\d\. Issue #\d|Hello-World#\d/gm)).toEqual([
      ...['1. Issue #1', 'Hello-World#1', '3. Issue #2', '4. Issue #3', 'Hello-World#3', '5. Issue #4', 'Hello-World#4'],
    ]);
    expect(linesOf(output, 4)[2]).toBe('no run triage v1, because event.data.issue.labels: no item with name equals "bug"');
    expect(withoutAnswer(linesOf(output, 5)).slice(4)).toEqual([
      'failed ticket jira.create_issue attempt 1 · # ms · 429 rate_limited · again in # s',
      expect.stringMatching(/^failed ticket jira\.create_issue attempt 2 · # ms · 503 provider_unavailable · again in # (ms|s)$/),
      'step ticket jira.create_issue attempt 3 · # ms · OPS-2',
      'step tell slack.send_message attempt 1 · # ms · "Filed OPS-2: The search finds nothing"',
      'done triage succeeded · 2 steps · 4 attempts · # s',
    ]);
    expect(output).not.toContain('\u001b');
  });

  it('keeps everything in a file with --durable, and says where it is', async () => {
    const { exitCode, output, errors } = await quickstart(['--durable']);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    const file = /^Everything is kept in (.+)$/m.exec(output)?.[1] ?? '';
    const database = new DatabaseSync(file, { readOnly: true });
    const kept = database.prepare('select operation, status, attempts from dispatches order by handle').all();
    database.close();
    rmSync(dirname(file), { recursive: true });
    const [ticket, message] = [{ operation: 'create_issue' }, { operation: 'send_message', attempts: 1 }];
    expect(kept).toMatchObject([{ ...ticket, attempts: 1 }, message, { ...ticket, attempts: 3 }, message]);
    expect(kept.every(({ status }) => status === 'succeeded')).toBe(true);
    expect(output.trimEnd().split('\n').at(-1)).toMatch(/^events 3 · runs 2 · tickets 2 · messages 2 /);
  });

  it('does not write to a file that exists', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'patchbay-quickstart-'));
    const [taken, free] = [join(folder, 'taken.db'), join(folder, 'free.db')];
    writeFileSync(taken, '');
    const [refused, kept] = await Promise.all([quickstart(['--file', taken]), quickstart(['--file', free])]);
    expect(refused).toMatchObject({ exitCode: 2, output: '', errors: expect.stringContaining('exists already') });
    expect(kept).toMatchObject({ exitCode: 0, output: expect.stringContaining(`Everything is kept in ${free}\n`) });
    expect(existsSync(free)).toBe(true);
    rmSync(folder, { recursive: true });
  });

  it('names what --live lacks, sends nothing and exits with 2', async () => {
    const { exitCode, output, errors } = await quickstart(['--live'], { PATCHBAY_GITHUB_TOKEN: 'ghp_secret', PATCHBAY_SLACK_TOKEN: ' ' });
    const missing = ['JIRA_SITE', 'JIRA_EMAIL', 'JIRA_TOKEN', 'JIRA_PROJECT', 'SLACK_TOKEN', 'SLACK_CHANNEL'];
    expect([exitCode, output]).toEqual([2, '']);
    expect([...errors.matchAll(/^ {2}PATCHBAY_(\w+)/gm)].map(([, name]) => name)).toEqual(missing);
    expect(errors).not.toContain('ghp_secret');
  });

  it('explains itself, and an argument that it does not know', async () => {
    const [help, unknown] = await Promise.all([quickstart(['--help']), quickstart(['--fast'])]);
    expect(help).toMatchObject({ exitCode: 0, errors: '', output: expect.stringContaining('PATCHBAY_JIRA_SITE') });
    expect(unknown).toMatchObject({ exitCode: 2, output: '', errors: expect.stringContaining("Unknown option '--fast'") });
  });
});
