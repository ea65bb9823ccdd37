import type { Benchmark, Case } from '../benchmark.ts';
import { importOf, importOnce, type TimedStatements } from './import-once.ts';

/** A hub that could take its first request: what importing leaves for later is in it. */
const readyHub: TimedStatements = `const [{ createHub, localKeys }, { memoryStorage }] = await Promise.all([import('@patchbay/core'), import('@patchbay/storage-memory')]);
const keys = localKeys({ active: 'k1', keys: { k1: Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7)).toString('base64') } });
await createHub({ connectors: [], storage: memoryStorage(), keys, publicUrl: 'https://app.example.com/hub' }).ready();`;

interface Importing {
  /** Of the benchmark, behind `import-time-`. */
  readonly name: string;
  readonly package: string;
  readonly reach: number;
  /** Shown for scale. */
  readonly beside: Readonly<Record<string, TimedStatements>>;
}

/** One package's built files in fresh processes, against the two libraries that every host of a hub loads anyway. */
const importTime = ({ name, package: imported, reach, beside }: Importing): Benchmark => ({
  name: `import-time-${name}`,
  unit: 'ms',
  title: `import of ${imported}, as built, in a fresh process, against import of undici and zod alone`,
  better: 'lower',
  reach,
  peerReach: null,
  repetitions: { full: 31, quick: 5 },
  async prepare({ baselinesOnly }) {
    const timed = (role: Case['role'], title: string, statements: TimedStatements): Case => ({
      name: title,
      role,
      sample: () => importOnce(statements),
    });
    return {
      cases: [
        timed('limit', 'undici and zod', importOf('undici', 'zod')),
        ...(baselinesOnly ? [] : [timed('ours', imported, importOf(imported))]),
        ...Object.entries(beside).map(([title, statements]) => timed('peer', title, statements)),
        timed('control', 'undici and zod again', importOf('undici', 'zod')),
      ],
      close: async () => {},
    };
  },
});

/** Core alone. A hub that is ready has loaded undici too, and is shown beside it. */
export const importTimeCore: Benchmark = importTime({
  name: 'core',
  package: '@patchbay/core',
  reach: 1.3,
  beside: { 'a hub that is ready': readyHub },
});

/** Each connector, with core below it: 0.1 more. */
export const importTimeConnectors: readonly Benchmark[] = ['github', 'slack', 'jira'].map((id) =>
  importTime({ name: id, package: `@patchbay/connector-${id}`, reach: 1.4, beside: { '@patchbay/core': importOf('@patchbay/core') } }),
);
