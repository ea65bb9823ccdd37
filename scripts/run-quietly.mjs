import { spawn } from 'node:child_process';

/** Milliseconds between two signs of life. */
const usualInterval = 10_000;

/** What colours and moves in a terminal's text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is the control characters that are taken out.
const controls = /\u001b\[[0-9;?]*[A-Za-z]|\r/g;

/**
 * Runs a program and reports one line when it is done. While it goes on, a line from time to time says how long already, and what it said
 * last. Only where it fails its whole output goes to standard error. Resolves with its exit status; rejects where it cannot be started.
 */
export function runQuietly({ name, command, args, cwd, env, report, intervalMs = usualInterval }) {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  const chunks = [];
  const lastLine = () => Buffer.concat(chunks).toString().replace(controls, '').trimEnd().split('\n').at(-1).trim().slice(0, 100);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const timer = setInterval(() => report(`${name}: ${seconds()} so far … ${lastLine()}`.trimEnd()), intervalMs);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
    child.once('error', (error) => {
      clearInterval(timer);
      reject(error);
    });
    child.once('close', (code) => {
      clearInterval(timer);
      if (child.pid === undefined) return; // never started
      const status = code ?? 1;
      if (status !== 0) process.stderr.write(Buffer.concat(chunks));
      report(`${name}: ${seconds()}${status === 0 ? '' : ` (exit ${status})`}`);
      resolve(status);
    });
  });
}
