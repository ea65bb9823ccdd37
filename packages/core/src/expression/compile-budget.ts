/** What compiling several expressions of one definition may still use together, so that a stored definition is cheap to load. */
export interface CompileBudget {
  /** Characters of source. */
  characters: number;
  /** Instructions of patterns. */
  patternWeight: number;
}

/** A full budget: 65,536 characters of expressions and 6,000 instructions of patterns, some 50 ms of compiling. */
export function createCompileBudget(): CompileBudget {
  return { characters: 65_536, patternWeight: 6_000 };
}
