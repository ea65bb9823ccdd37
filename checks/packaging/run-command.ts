import { execFile } from 'node:child_process';

/** Runs a program and gives what it printed. Throws with all its output when it fails or takes longer than three minutes. */
export function runCommand(command: string, args: readonly string[], options: { cwd: string; env?: NodeJS.ProcessEnv }): Promise<string> {
  return new Promise((resolve, reject) => {
    const settings = { ...options, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, timeout: 180_000 } as const;
    execFile(command, args, settings, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${command} ${args.join(' ')}: ${error.message}\n${stdout}\n${stderr}`));
    });
  });
}
