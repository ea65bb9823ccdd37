import type { AttributesOf, GaugeName, RecordedName } from './instruments.ts';

/** The port through which the hub measures. */
export interface Metering {
  /** Adds to a counter, or records in a histogram. Durations are seconds. `tenant` is told only where the host asks for it. */
  record<Name extends RecordedName>(name: Name, value: number, attributes: AttributesOf<Name>, tenant?: string | null): void;
  /** Says what a gauge reads, whenever somebody collects. */
  observe<Name extends GaugeName>(name: Name, read: () => readonly Reading<Name>[]): void;
}

/** One value of a gauge. */
export interface Reading<Name extends GaugeName> {
  readonly value: number;
  readonly attributes: AttributesOf<Name>;
}
