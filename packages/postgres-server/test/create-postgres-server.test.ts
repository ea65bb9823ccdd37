import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createPostgresServer } from '../src/create-postgres-server.ts';

const settings = { fsync: 'off', shared_buffers: '16MB' };
const timeout = 60_000;

/** Whether somebody listens at the address. */
async function answers(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Resolves when the condition holds. The test's own time bounds it. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('a PostgreSQL server for tests', () => {
  it('starts, ends at once, starts again where it was, and is gone when it is removed', { timeout }, async () => {
    const server = await createPostgresServer({ major: 18, settings });
    expect(await answers(server.url)).toBe(false);
    await server.start();
    expect(await answers(server.url)).toBe(true);
    const first = server.processId();
    await server.stopAtOnce();
    expect(await answers(server.url)).toBe(false);
    await server.start();
    expect(await answers(server.url)).toBe(true);
    expect(server.processId()).not.toBe(first);
    await server.remove();
    expect(await answers(server.url)).toBe(false);
    expect(() => server.processId()).toThrow('ENOENT');
  });

  it('says what the server said where it does not start', { timeout }, async () => {
    const server = await createPostgresServer({ major: 18, settings: { no_such_setting: '1' } });
    await expect(server.start()).rejects.toThrow('no_such_setting');
    await server.remove();
  });

  it('ends when the process that started it is killed', { timeout }, async () => {
    const program = fileURLToPath(new URL('support/starting-process.ts', import.meta.url));
    const starter = spawn(process.execPath, ['--experimental-strip-types', '--no-warnings', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(starter.stdout, 'data');
    const url = String(line).trim();
    expect(await answers(url)).toBe(true);
    starter.kill('SIGKILL');
    await until(async () => !(await answers(url)));
  });
});
