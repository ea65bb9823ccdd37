import { compileProgram, type Program } from '../expression/compile-program.ts';
import { describeFault, Fault } from '../expression/fault.ts';
import type { Frame } from '../expression/frame.ts';
import { kindOf } from '../expression/value.ts';
import { invalidCondition } from './condition-error.ts';
import { type BuildingPlace, type ConditionBuilding, type ConditionNode, outcomeOf } from './condition-node.ts';
import { placeBelow } from './condition-place.ts';
import { erred, type Verdict } from './verdict.ts';

/** Compiles `{ cel }`. Inside a `where` the formula knows the item as `item`, and the scope's variables besides. */
export function compileFormula(source: string, at: BuildingPlace, building: ConditionBuilding): ConditionNode {
  const program = compileSource(source, at, building);
  const decide = (subject: unknown, frame: Frame): Verdict => {
    if (at.ofItem) frame.locals[0] = subject;
    return runFormula(program, frame);
  };
  return {
    requires: program.requires,
    decide,
    explain: (subject, { frame }) => {
      const verdict = decide(subject, frame);
      return { verdict, report: { kind: 'cel', ...outcomeOf(verdict), source } };
    },
  };
}

function compileSource(source: string, at: BuildingPlace, building: ConditionBuilding): Program {
  try {
    const program = compileProgram(source, {
      roots: building.roots,
      locals: at.ofItem ? ['item'] : [],
      limits: building.limits,
      budget: building.budget,
      shapes: at.item === undefined || building.shapes === undefined ? building.shapes : new Map(building.shapes).set('item', at.item),
    });
    building.reads.push(...program.reads);
    return program;
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'the formula does not compile.';
    throw invalidCondition(placeBelow(at.place, 'cel'), reason, error);
  }
}

function runFormula(program: Program, frame: Frame): Verdict {
  try {
    const value = program.run(frame);
    return typeof value === 'boolean' ? value : erred(`the formula answers ${kindOf(value)}, not a bool`);
  } catch (thrown) {
    if (thrown instanceof Fault) return { reason: describeFault(program.source, thrown), final: thrown.final };
    if (thrown instanceof RangeError)
      return { reason: 'the call stack is spent, evaluate the condition from a shallower call', final: true };
    throw thrown;
  }
}
