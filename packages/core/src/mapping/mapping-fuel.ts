import { type Frame, spendSteps, spendText } from '../expression/frame.ts';

/** What one mapping of one source may use: the fuel of one evaluation, shared by its formulas and all else. */
export type MappingFuel = Frame;

/** Takes a step, and what text of so many characters costs to look through and to build. */
export function spend(fuel: MappingFuel, characters = 0): void {
  spendSteps(fuel, 1);
  spendText(fuel, characters);
}

/** Pays for reading a time, or writing one: most of a microsecond. */
export function spendTime(fuel: MappingFuel): void {
  spendSteps(fuel, 10);
}
