import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Sample } from '../benchmark.ts';

/** What a fresh process does while it is timed: statements of a module. */
export type TimedStatements = string;

/** The statements that import these packages, one after another. */
export const importOf = (...names: readonly string[]): TimedStatements => names.map((name) => `await import('${name}');`).join('\n');

/** The package's own folder: names are resolved from there. */
const folder = fileURLToPath(new URL('../../', import.meta.url));

const measured = z.object({ milliseconds: z.number(), cpuMicroseconds: z.number() });

const run = promisify(execFile);

/** Times the statements in a process of its own, from its first line on; Node's own start is not counted. Throws where they do. */
export async function importOnce(statements: TimedStatements): Promise<Sample> {
  const program = `const begunCpu = process.cpuUsage(); const begun = performance.now();
${statements}
const milliseconds = performance.now() - begun; const { user, system } = process.cpuUsage(begunCpu);
process.stdout.write(JSON.stringify({ milliseconds, cpuMicroseconds: user + system })); process.exit();`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { cwd: folder, timeout: 60_000 });
  const { milliseconds, cpuMicroseconds } = measured.parse(JSON.parse(stdout));
  return { value: milliseconds, cpuMicroseconds, notes: {} };
}
