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

const parse = (v) => v.replace(/^\D*/, '').split('.').map(Number);
export function atLeast(version, wanted) {
  const [a, b] = [parse(version), parse(wanted)];
  for (let i = 0; i < 3; i++) if (a[i] !== b[i]) return a[i] > b[i];
  return true;
}

/** `npm run` exports its own state and settings; they must not leak into the nested npm, pnpm and node-gyp. */
const LEAK =
  /^npm_(package|lifecycle|command|node_execpath|execpath)|^npm_config_(nodedir|yes|(local_|global_)?prefix|node_gyp|user_agent|npm_version|init_module|globalconfig|workspaces?|include_workspace_root)$/i;
export const cleanEnv = (env = process.env) => Object.fromEntries(Object.entries(env).filter(([k]) => !LEAK.test(k)));

function npm(args) {
  const cli = process.env.npm_execpath;
  const viaCli = cli && /npm-cli\.[cm]?js$/.test(cli) && existsSync(cli);
  const [cmd, pre] = viaCli ? [process.execPath, [cli]] : [windows ? 'npm.cmd' : 'npm', []];
  const r = spawnSync(cmd, [...pre, ...args], { encoding: 'utf8', env: cleanEnv(), shell: !viaCli && windows, maxBuffer: 1 << 26 });
  if (r.error || r.status !== 0)
    throw new Error(`npm ${args.join(' ')} failed:\n${r.error?.message ?? ''}${r.stderr ?? ''}${r.stdout ?? ''}`);
}

/** Installs one exact package into .toolchain/<name>, atomically, and compares the integrity npm verified with our pin. */
function install(name, pkg, version, integrity, finish) {
  const dest = join(base, name);
  if (existsSync(join(dest, '.ok'))) return dest;
  mkdirSync(base, { recursive: true });
  const tmp = mkdtempSync(join(base, '.tmp-'));
  try {
    writeFileSync(join(tmp, 'package.json'), '{"private":true}\n');
    npm([
      'install',
      '--prefix',
      tmp,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-save',
      '--no-package-lock',
      '--loglevel=error',
      `${pkg}@${version}`,
    ]);
    const got = JSON.parse(readFileSync(join(tmp, 'node_modules/.package-lock.json'), 'utf8')).packages[`node_modules/${pkg}`]?.integrity;
    if (got !== integrity) throw new Error(`${pkg}@${version}: integrity ${got} is not the pinned ${integrity}`);
    finish(tmp);
    writeFileSync(join(tmp, '.ok'), '');
    if (!existsSync(join(dest, '.ok'))) {
      rmSync(dest, { recursive: true, force: true });
      try {
        renameSync(tmp, dest);
      } catch (e) {
        if (!existsSync(join(dest, '.ok'))) throw e;
      }
    }
  } finally {
    rmSync(tmp, { recursive: true, force: true });
  }
  return dest;
}

function probe(cmd, args) {
  const r = spawnSync(cmd, args, { encoding: 'utf8', env: cleanEnv() });
  if (r.error || r.status !== 0) throw new Error(`${cmd} ${args.join(' ')}: ${r.error?.message ?? r.stderr}`);
}

export function ensureToolchain(log = (m) => console.error(m)) {
  const want = pins.node.range.replace('>=', '');
  let node = process.execPath;
  if (!atLeast(process.version, want)) {
    const key = `${process.platform}-${process.arch}`;
    const pin = pins.node.packages[key];
    if (!pin)
      throw new Error(
        `Node ${process.version} is too old (need ${pins.node.range}) and no prebuilt Node is pinned for ${key}. Install Node 24 and try again.`,
      );
    const [pkg, ver, integrity] = pin;
    const rel = join('node_modules', pkg, 'bin', windows ? 'node.exe' : 'node');
    if (!existsSync(join(base, `node-${ver}`, '.ok')))
      log(`[toolchain] Node ${process.version} is older than ${want}: getting Node ${ver} from npm, once`);
    node = join(
      install(`node-${ver}`, pkg, ver, integrity, (dir) => probe(join(dir, rel), ['--version'])),
      rel,
    );
  }
  const pv = pins.pnpm.version;
  const shim = join('node_modules', 'pnpm', 'bin', 'pnpm.mjs');
  if (!existsSync(join(base, `pnpm-${pv}`, '.ok'))) log(`[toolchain] getting pnpm ${pv} from npm, once`);
  const dir = install(`pnpm-${pv}`, 'pnpm', pv, pins.pnpm.integrity, (d) => {
    probe(node, [join(d, shim), '--version']);
    // turbo looks up a `pnpm` command on PATH.
    mkdirSync(join(d, 'bin'));
    writeFileSync(join(d, 'bin', 'pnpm'), '#!/bin/sh\nexec node "$(dirname -- "$0")/../node_modules/pnpm/bin/pnpm.mjs" "$@"\n', {
      mode: 0o755,
    });
    writeFileSync(join(d, 'bin', 'pnpm.cmd'), '@node "%~dp0..\\node_modules\\pnpm\\bin\\pnpm.mjs" %*\r\n');
  });
  const pathKey = Object.keys(process.env).find((k) => k.toUpperCase() === 'PATH') ?? 'PATH';
  const env = {
    ...cleanEnv(),
    [pathKey]: [dirname(node), join(dir, 'bin'), process.env[pathKey] ?? ''].join(delimiter),
    // A Node from npm knows only its built-in certificate authorities; a company proxy needs the machine's.
    NODE_USE_SYSTEM_CA: process.env.NODE_USE_SYSTEM_CA ?? '1',
    TURBO_TELEMETRY_DISABLED: process.env.TURBO_TELEMETRY_DISABLED ?? '1',
  };
  return { node, pnpm: join(dir, shim), env };
}
