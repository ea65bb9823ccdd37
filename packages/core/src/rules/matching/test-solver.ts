/** What is known of a test about one subject. `dear`: it holds, and took so much fuel that it says nothing of a condition as a whole. */
export const verdicts = { open: 0, fails: 1, holds: 2, dear: 3 } as const;

/** The verdict of each test by its number. Tests that a solver decides fail until it says otherwise. */
export type KnownVerdicts = Uint8Array;

/** Decides many tests of one place together, so that a test that fails costs nothing. */
export interface TestSolver<Operand> {
  add(test: number, operand: Operand): void;
  remove(test: number, operand: Operand): void;
  isEmpty(): boolean;
  /** Marks those that hold for the place's value, and opens those that must be asked one by one. Answers the steps that it took. */
  solve(value: unknown, known: KnownVerdicts): number;
}
