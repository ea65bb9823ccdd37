import { afterEach, describe, expect, it, vi } from 'vitest';
import { machineClock, runOf } from './__fixtures__/script-stage.ts';
import { type QuickjsOptions, quickjsScripts } from './quickjs-scripts.ts';

const opened: { close(): Promise<void> }[] = [];
const open = (...given: Parameters<typeof quickjsScripts>) => {
  const scripts = quickjsScripts(...given);
  opened.push(scripts);
  return scripts;
};
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

const endless = 'for (;;) {}';
const lasting = { fuel: 1_000_000, deadlineMs: 60_000 };

describe('reading a source', () => {
  it.each([
    ['return 1', null],
    ['await null; for (const x of input) { if (x) return x }', null],
    ['return 1 +', { message: expect.stringMatching(/^SyntaxError/), at: { line: 1, column: expect.any(Number) } }],
    ['const a = 1;\n\nconst a = 2;', { message: expect.stringMatching(/^SyntaxError/), at: { line: 3, column: expect.any(Number) } }],
    ['with (input) {}', { message: expect.stringMatching(/^SyntaxError/), at: { line: 1, column: expect.any(Number) } }],
    ["import fs from 'fs'", { message: expect.stringMatching(/^SyntaxError/), at: { line: 1, column: expect.any(Number) } }],
    ['('.repeat(20_000), { message: expect.any(String) }],
  ])('of %.40s says what is wrong, and where', async (source, fault) => {
    const found = await open().check({ source, clock: machineClock });
    if (fault === null) expect(found).toBeNull();
    else expect(found).toMatchObject(fault);
  });

  it('runs nothing of it', async () => {
    expect(await open({ deadlineMs: 1_000 }).check({ source: endless, clock: machineClock })).toBeNull();
  });
});

describe('threads', () => {
  it('are as many as they may be, and what comes beyond waits for its turn', async () => {
    const scripts = open({ workers: 2 });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => runOf(scripts, 'return input', { with: index })));
    expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => ({ ok: true, output: String(index) })));
  });

  it('refuse what is too much to wait for, and take it again later', async () => {
    const scripts = open({ ...lasting, workers: 1, maximumWaiting: 1 });
    const abort = new AbortController();
    const first = runOf(scripts, endless, { signal: abort.signal });
    const second = runOf(scripts, 'return 2');
    await expect(runOf(scripts, 'return 3')).rejects.toMatchObject({ code: 'overloaded', retryable: true, sent: 'no' });
    abort.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    expect(await second).toEqual({ ok: true, output: '2' });
    expect(await runOf(scripts, 'return 3')).toEqual({ ok: true, output: '3' });
  });

  it('are ended by the signal, and one that waits leaves the line', async () => {
    const scripts = open({ ...lasting, workers: 1 });
    const [running, waiting] = [new AbortController(), new AbortController()];
    const first = runOf(scripts, endless, { signal: running.signal });
    const second = runOf(scripts, 'return 1', { signal: waiting.signal });
    waiting.abort(new Error('no more'));
    await expect(second).rejects.toThrow('no more');
    running.abort(new Error('stop'));
    await expect(first).rejects.toThrow('stop');
    await expect(runOf(scripts, 'return 1', { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
    expect(await runOf(scripts, 'return 1')).toEqual({ ok: true, output: '1' });
  });

  it('that die are replaced, and their script is told of as crashed', async () => {
    // A heap so small that the thread cannot live.
    const { Worker } = await import('node:worker_threads');
    const ended = vi.spyOn(Worker.prototype, 'postMessage').mockImplementationOnce(function (this: InstanceType<typeof Worker>) {
      this.terminate().catch(() => undefined);
    });
    const scripts = open({ workers: 1 });
    try {
      expect(await runOf(scripts, 'return 1')).toMatchObject({ ok: false, fault: 'crashed' });
      expect(ended).toHaveBeenCalledTimes(1);
      expect(await runOf(scripts, 'return 2')).toEqual({ ok: true, output: '2' });
    } finally {
      ended.mockRestore();
    }
  });

  it('end when they are closed, with what they are at, and begin anew', async () => {
    const scripts = open({ ...lasting, workers: 1 });
    const [first, second] = [runOf(scripts, endless), runOf(scripts, 'return 1')];
    await scripts.close();
    expect(await first).toMatchObject({ ok: false, fault: 'crashed' });
    expect(await second).toMatchObject({ ok: false, fault: 'crashed' });
    expect(await runOf(scripts, 'return 1')).toEqual({ ok: true, output: '1' });
  });

  it('know nothing of the environment of this process', async () => {
    process.env['PATCHBAY_SCRIPT_CANARY'] = 'canary-7d1f';
    try {
      const answer = await runOf(open(), "return [typeof process, Object.keys(globalThis).join(), String(new Error('x').stack)]");
      expect(JSON.stringify(answer)).not.toContain('canary');
      expect(answer).toMatchObject({ ok: true, output: expect.stringContaining('undefined') });
    } finally {
      delete process.env['PATCHBAY_SCRIPT_CANARY'];
    }
  });
});

describe('the options', () => {
  it.each([
    [{ workers: 0 }, 'workers'],
    [{ workers: 1.5 }, 'workers'],
    [{ memoryBytes: 1 }, 'memoryBytes'],
    [{ stackBytes: 1e9 }, 'stackBytes'],
    [{ deadlineMs: 0 }, 'deadlineMs'],
    [{ fule: 1 }, 'There is no option fule'],
  ])('%o are refused', (options, message) => {
    // Plain JavaScript gets past the types.
    expect(() => quickjsScripts(options as QuickjsOptions)).toThrow(
      expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(message) }),
    );
  });
});
