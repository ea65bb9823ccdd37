/**
 * The part a case plays: the hand-written limit, the same limit under a second name (A/A control), this project, or another product. A
 * point is this project at one of several sizes, of which the dearest is compared with the cheapest.
 */
export type CaseRole = 'limit' | 'control' | 'ours' | 'peer' | 'point';

/** What one run of one case measured, after the case has asserted that all its work was done. */
export interface Sample {
  /** In the benchmark's unit. */
  readonly value: number;
  /** Processor time of the measured process for one operation, in microseconds; null where the platform does not tell. */
  readonly cpuMicroseconds: number | null;
  /** Further figures for the table, for example a latency. They are printed and decide nothing. */
  readonly notes: Readonly<Record<string, number>>;
}

/** One contestant. `missing` holds the reason why a peer cannot be measured on this machine. */
export type Case =
  | { readonly name: string; readonly role: CaseRole; readonly sample: () => Promise<Sample> }
  | { readonly name: string; readonly role: 'peer'; readonly missing: string };

/** The cases of a benchmark, ready to be sampled, and what removes their files. */
export interface PreparedCases {
  readonly cases: readonly Case[];
  readonly close: () => Promise<void>;
}

/** How a benchmark is asked to run. */
export interface RunSettings {
  /** Short samples and few repetitions: shows that everything works, measures roughly. */
  readonly quick: boolean;
  /** Leaves our own part out, so that the limits can be looked at alone. */
  readonly baselinesOnly: boolean;
  /** Receives one line of progress at a time. */
  readonly report: (line: string) => void;
}

/** A named comparison. Ratios decide; a time is only printed. */
export interface Benchmark {
  readonly name: string;
  readonly unit: string;
  /** One line above the table: what is measured. */
  readonly title: string;
  readonly better: 'higher' | 'lower';
  /** The ratio of ours to the limit that is to be reached (at least where higher is better, at most where lower is). */
  readonly reach: number;
  /** The ratio of ours to each peer that is to be reached; null where no peer is compared. */
  readonly peerReach: number | null;
  /** Other ratios for single peers, by name. @default `peerReach` */
  readonly peerReaches?: Readonly<Record<string, number>>;
  /** The peers that `peerReach` is for; the others are shown and decide nothing. @default all */
  readonly rivals?: readonly string[];
  readonly repetitions: { readonly full: number; readonly quick: number };
  /** Installs, generates and checks whatever the cases need, outside the timed part. */
  readonly prepare: (settings: RunSettings) => Promise<PreparedCases>;
}
