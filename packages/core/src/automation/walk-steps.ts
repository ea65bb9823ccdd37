import { isControlStep, type Step } from './automation-definition.ts';

/** Every step of a list with those inside of it, in the order of the definition. */
export function* walkSteps(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    if (isControlStep(step)) {
      if (step.action === 'flow.branch') {
        for (const branch of step.branches) yield* walkSteps(branch.steps);
        yield* walkSteps(step.else ?? []);
      }
      if (step.action === 'flow.group' || step.action === 'flow.each') yield* walkSteps(step.steps);
    }
    if ('onError' in step) yield* walkSteps(step.onError?.steps ?? []);
  }
}
