/** Why tests of a suite were skipped: the reporters show that they were, not why. */
export interface SkipNotes {
  add(reason: string): void;
  print(): void;
}

/** Collects reasons and prints one line for each. */
export function skipNotes(suite: string): SkipNotes {
  const counts = new Map<string, number>();
  return {
    add: (reason) => {
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    },
    print: () => {
      for (const [reason, count] of counts) console.info(`${suite}: ${count} ${count === 1 ? 'test' : 'tests'} skipped, because ${reason}`);
    },
  };
}
