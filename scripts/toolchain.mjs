// Gets the pinned Node (only when the running one is too old) and the pinned pnpm, with nothing but
// Node >= 18 and npm. Everything lands in <repo>/.toolchain: no global state, no lifecycle scripts.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pins = JSON.parse(readFileSync(join(root, 'scripts/toolchain.json'), 'utf8'));
const base = join(root, '.toolchain');
const windows = process.platform === 'win32';

const parse = (version) => version.replace(/^\D*/, '').split('.').map(Number);
export function atLeast(version, wanted) {
  const [own, least] = [parse(version), parse(wanted)];
  for (let part = 0; part < 3; part++) if (own[part] !== least[part]) return own[part] > least[part];
  return true;
}

/** `npm run` exports its own state and settings; they must not leak into the nested npm, pnpm and node-gyp. */
const leaking =
  /^npm_(package|lifecycle|command|node_execpath|execpath)|^npm_config_(nodedir|yes|(local_|global_)?prefix|node_gyp|user_agent|npm_version|init_module|globalconfig|workspaces?|include_workspace_root)$/i;
export const cleanEnv = (env = process.env) => Object.fromEntries(Object.entries(env).filter(([name]) => !leaking.test(name)));

function npm(args) {
  const cli = process.env.npm_execpath;
  const viaCli = cli && /npm-cli\.[cm]?js$/.test(cli) && existsSync(cli);
  const [command, before] = viaCli ? [process.execPath, [cli]] : [windows ? 'npm.cmd' : 'npm', []];
  const result = spawnSync(command, [...before, ...args], {
    encoding: 'utf8',
    env: cleanEnv(),
    shell: !viaCli && windows,
    maxBuffer: 1 << 26,
  });
  if (result.error || result.status !== 0)
    throw new Error(`npm ${args.join(' ')} failed:\n${result.error?.message ?? ''}${result.stderr ?? ''}${result.stdout ?? ''}`);
}

/** Installs one exact package into .toolchain/<name>, atomically, and compares the integrity npm verified with our pin. */
function install({ name, npmName, version, integrity, finish }) {
  const installed = join(base, name);
  if (existsSync(join(installed, '.ok'))) return installed;
  mkdirSync(base, { recursive: true });
  const unfinished = mkdtempSync(join(base, '.tmp-'));
  try {
    writeFileSync(join(unfinished, 'package.json'), '{"private":true}\n');
    npm([
      'install',
      '--prefix',
      unfinished,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-save',
      '--no-package-lock',
      '--loglevel=error',
      `${npmName}@${version}`,
    ]);
    const lockfile = JSON.parse(readFileSync(join(unfinished, 'node_modules/.package-lock.json'), 'utf8'));
    const found = lockfile.packages[`node_modules/${npmName}`]?.integrity;
    if (found !== integrity) throw new Error(`${npmName}@${version}: integrity ${found} is not the pinned ${integrity}`);
    finish(unfinished);
    writeFileSync(join(unfinished, '.ok'), '');
    if (!existsSync(join(installed, '.ok'))) {
      rmSync(installed, { recursive: true, force: true });
      try {
        renameSync(unfinished, installed);
      } catch (error) {
        // Another process may have been first.
        if (!existsSync(join(installed, '.ok'))) throw error;
      }
    }
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return installed;
}

function probe(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8', env: cleanEnv() });
  if (result.error || result.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${result.error?.message ?? result.stderr}`);
}

export function ensureToolchain(log = (line) => console.error(line)) {
  const wanted = pins.node.range.replace('>=', '');
  let node = process.execPath;
  if (!atLeast(process.version, wanted)) {
    const platform = `${process.platform}-${process.arch}`;
    const pin = pins.node.packages[platform];
    if (!pin)
      throw new Error(
        `Node ${process.version} is too old (need ${pins.node.range}) and no prebuilt Node is pinned for ${platform}. Install Node 24 and try again.`,
      );
    const [npmName, version, integrity] = pin;
    const program = join('node_modules', npmName, 'bin', windows ? 'node.exe' : 'node');
    const name = `node-${version}`;
    if (!existsSync(join(base, name, '.ok')))
      log(`[toolchain] Node ${process.version} is older than ${wanted}: getting Node ${version} from npm, once`);
    const finish = (folder) => probe(join(folder, program), ['--version']);
    node = join(install({ name, npmName, version, integrity, finish }), program);
  }
  const { version, integrity } = pins.pnpm;
  const shim = join('node_modules', 'pnpm', 'bin', 'pnpm.mjs');
  const name = `pnpm-${version}`;
  if (!existsSync(join(base, name, '.ok'))) log(`[toolchain] getting pnpm ${version} from npm, once`);
  const finish = (folder) => {
    probe(node, [join(folder, shim), '--version']);
    // turbo looks up a `pnpm` command on PATH.
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin', 'pnpm'), '#!/bin/sh\nexec node "$(dirname -- "$0")/../node_modules/pnpm/bin/pnpm.mjs" "$@"\n', {
      mode: 0o755,
    });
    writeFileSync(join(folder, 'bin', 'pnpm.cmd'), '@node "%~dp0..\\node_modules\\pnpm\\bin\\pnpm.mjs" %*\r\n');
  };
  const pnpm = install({ name, npmName: 'pnpm', version, integrity, finish });
  const pathName = Object.keys(process.env).find((variable) => variable.toUpperCase() === 'PATH') ?? 'PATH';
  const env = {
    ...cleanEnv(),
    [pathName]: [dirname(node), join(pnpm, 'bin'), process.env[pathName] ?? ''].join(delimiter),
    // A Node from npm knows only its built-in certificate authorities; a company proxy needs the machine's.
    NODE_USE_SYSTEM_CA: process.env.NODE_USE_SYSTEM_CA ?? '1',
    TURBO_TELEMETRY_DISABLED: process.env.TURBO_TELEMETRY_DISABLED ?? '1',
  };
  return { node, pnpm: join(pnpm, shim), env };
}
