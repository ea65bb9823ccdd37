import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runningChildren } from '../running-children.ts';

/** How one run of the compiler ended and what it cost. */
export interface CompilerRun {
  readonly status: number | null;
  readonly output: string;
  readonly milliseconds: number;
  /** Processor time over all threads; null off Linux. */
  readonly cpuMicroseconds: number | null;
}

const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
const patienceMs = 180_000;

/** Processor time of all ended children in clock ticks of 10 ms, from the 16th and 17th field of /proc/self/stat. */
async function childTicks(): Promise<number | null> {
  try {
    const stat = await readFile('/proc/self/stat', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[13]) + Number(fields[14]);
  } catch {
    return null;
  }
}

/** Compiles one project in a process of its own without writing anything. Ends it after three minutes. */
export async function runCompiler(project: string): Promise<CompilerRun> {
  const before = await childTicks();
  const begun = performance.now();
  const words = [compiler, '--project', project, '--noEmit', '--skipLibCheck', '--pretty', 'false', '--extendedDiagnostics'];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'], timeout: patienceMs, killSignal: 'SIGKILL' });
  runningChildren.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const milliseconds = performance.now() - begun;
  const after = await childTicks();
  return { status, output, milliseconds, cpuMicroseconds: before === null || after === null ? null : (after - before) * 10_000 };
}

/** A number of the compiler's own report, such as `Instantiations`. Throws when the report does not have it. */
export function diagnostic(output: string, name: string): number {
  const found = new RegExp(`^${name}: +([\\d.]+)`, 'm').exec(output)?.[1];
  if (found === undefined) throw new Error(`The compiler reports no ${name}:\n${output.slice(0, 2_000)}`);
  return Number(found);
}
