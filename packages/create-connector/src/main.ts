#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { askPlan } from './ask-plan.ts';
import { runCreate } from './run-create.ts';

/** `pnpm/12.18.0 npm/? node/v24.21.0 linux x64`, as package managers introduce themselves to what they start. */
const [packageManager = 'npm'] = /^(?:npm|pnpm|yarn|bun)(?=\/)/.exec(process.env['npm_config_user_agent'] ?? '') ?? [];

process.exitCode = await runCreate(process.argv.slice(2), {
  folder: process.cwd(),
  isTerminal: process.stdin.isTTY && process.stdout.isTTY,
  packageManager,
  print: (line) => console.log(line),
  ask: (given) => askPlan(given),
  run: (command, args, folder) =>
    new Promise((resolve, reject) => {
      const isWindows = process.platform === 'win32';
      const child = spawn(command, args, { cwd: folder, stdio: 'inherit', shell: isWindows });
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    }),
});
