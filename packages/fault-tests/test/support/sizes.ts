/** How large each experiment is. */
export interface Sizes {
  /** Deliveries of the kill test, each with two actions, and how many workers are killed under them. */
  readonly kills: { readonly deliveries: number; readonly kills: number };
  /** The same over one SQLite file. */
  readonly sqliteKills: { readonly deliveries: number; readonly kills: number };
  /** Events that are sent in so many copies at once to receivers that are killed under them. */
  readonly copies: { readonly events: number; readonly copies: number; readonly kills: number };
  /** Times that a worker is stopped past its lease, over so many pairs of workers at once. */
  readonly zombies: { readonly trials: number; readonly pairs: number };
  /** Stops of the server, and the deliveries under them. */
  readonly serverStops: { readonly deliveries: number; readonly stops: number };
  readonly terminations: { readonly deliveries: number; readonly terminations: number };
  readonly networkFaults: { readonly faults: number };
  readonly mixedVersions: { readonly deliveries: number };
  /** Expiries of one access token, and the callers in each of the processes that need it. */
  readonly refreshes: { readonly processes: number; readonly callers: number; readonly expiries: number };
  /** Rounds of processes that are killed at once, each while it renews so many grants. */
  readonly refreshKills: { readonly rounds: number; readonly processes: number; readonly grants: number };
  /** Of so many calls of a life over each storage, one is lied about. */
  readonly lies: Readonly<Record<string, number>>;
  /** Sealed rows, rewraps of them that are killed, and writers beside them. */
  readonly rewrapKills: { readonly rows: number; readonly kills: number; readonly writers: number };
  /** Tenants whose records are sealed, sealers at a time, sealers that are killed, and writers beside them. */
  readonly sealerKills: { readonly tenants: number; readonly sealers: number; readonly kills: number; readonly writers: number };
  /** Connections of one connector over several tenants that are ended at once, while other processes use them. */
  readonly revocations: { readonly connections: number; readonly tenants: number; readonly processes: number };
}

const ordinary: Sizes = {
  kills: { deliveries: 700, kills: 12 },
  sqliteKills: { deliveries: 150, kills: 5 },
  copies: { events: 30, copies: 50, kills: 2 },
  zombies: { trials: 20, pairs: 4 },
  serverStops: { deliveries: 250, stops: 2 },
  terminations: { deliveries: 600, terminations: 100 },
  networkFaults: { faults: 50 },
  mixedVersions: { deliveries: 500 },
  refreshes: { processes: 4, callers: 100, expiries: 2 },
  refreshKills: { rounds: 1, processes: 3, grants: 12 },
  lies: { memory: 3, sqlite: 6, postgres: 16 },
  rewrapKills: { rows: 300, kills: 3, writers: 8 },
  sealerKills: { tenants: 10, sealers: 2, kills: 2, writers: 4 },
  revocations: { connections: 300, tenants: 6, processes: 2 },
};

const nightly: Sizes = {
  kills: { deliveries: 25_000, kills: 500 },
  sqliteKills: { deliveries: 2_500, kills: 50 },
  copies: { events: 1_000, copies: 50, kills: 60 },
  zombies: { trials: 200, pairs: 4 },
  serverStops: { deliveries: 7_500, stops: 60 },
  terminations: { deliveries: 10_000, terminations: 2_000 },
  networkFaults: { faults: 1_000 },
  mixedVersions: { deliveries: 5_000 },
  refreshes: { processes: 4, callers: 100, expiries: 50 },
  refreshKills: { rounds: 50, processes: 4, grants: 12 },
  lies: {},
  rewrapKills: { rows: 5_000, kills: 50, writers: 20 },
  sealerKills: { tenants: 200, sealers: 3, kills: 150, writers: 20 },
  revocations: { connections: 10_000, tenants: 20, processes: 2 },
};

const isNightly = process.env['PATCHBAY_NIGHTLY'] === '1';

/** The one place that says how large a run is: `npm run nightly` sets PATCHBAY_NIGHTLY. */
export const sizes: Sizes = isNightly ? nightly : ordinary;

/** Milliseconds for one experiment, after which the runner gives it up. */
export const patienceMs: number = isNightly ? 45 * 60_000 : 300_000;
