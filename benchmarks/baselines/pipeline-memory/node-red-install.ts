import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

/** The exact version that is compared. */
export const nodeRedVersion = '5.0.7';

/** Where it is installed on demand; git does not see it. */
export const nodeRedFolder = fileURLToPath(new URL(`../../.cache/node-red-${nodeRedVersion}`, import.meta.url));

const manifest = z.object({ version: z.literal(nodeRedVersion) });

async function isInstalled(): Promise<boolean> {
  try {
    manifest.parse(JSON.parse(await readFile(join(nodeRedFolder, 'node_modules', 'node-red', 'package.json'), 'utf8')));
    await readFile(join(nodeRedFolder, '.complete'));
    return true;
  } catch {
    return false;
  }
}

/** Installs Node-RED with npm unless it is there, within five minutes and without running install scripts. Answers null, or why it could not. */
export async function installNodeRed(report: (line: string) => void): Promise<string | null> {
  if (await isInstalled()) return null;
  report(`node-red: installing version ${nodeRedVersion}, once`);
  try {
    await rm(nodeRedFolder, { recursive: true, force: true });
    await mkdir(nodeRedFolder, { recursive: true });
    await writeFile(join(nodeRedFolder, 'package.json'), '{"private":true}\n');
    const words = [
      'install',
      '--prefix',
      nodeRedFolder,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      `node-red@${nodeRedVersion}`,
    ];
    const windows = process.platform === 'win32';
    await promisify(execFile)(windows ? 'npm.cmd' : 'npm', words, {
      cwd: nodeRedFolder,
      timeout: 300_000,
      maxBuffer: 1 << 24,
      shell: windows,
    });
    await writeFile(join(nodeRedFolder, '.complete'), '');
    return null;
  } catch (error) {
    const [line] = (error instanceof Error ? error.message : String(error))
      .split('\n')
      .filter((part) => part.startsWith('npm error'))
      .slice(-1);
    return `the installation of node-red@${nodeRedVersion} failed: ${line ?? (error instanceof Error ? error.message.slice(0, 200) : 'no reason given')}`;
  }
}
