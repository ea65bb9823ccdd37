import type { Arbitrary, AsyncCommand } from 'fast-check';
import type { Model, ModelStage } from './model.ts';
import { passTurns } from './model-turns.ts';

/** One random step: does something to the store, and finds its answer to be what the model says. */
export type Step = Arbitrary<AsyncCommand<Model, ModelStage>>;

/** What an arbitrary chooses. */
export type ChoiceOf<Choices> = Choices extends Arbitrary<infer Choice> ? Choice : never;

/** Makes a step from what it chooses at random. `possible` is asked before it runs. */
export function step<Choice>(
  name: string,
  choices: Arbitrary<Choice>,
  run: (model: Model, stage: ModelStage, choice: Choice) => Promise<void>,
  possible: (model: Model) => boolean = () => true,
): Step {
  return choices.map((choice) => ({
    check: (model) => possible(model),
    async run(model, stage) {
      await run(model, stage, choice);
      passTurns(model);
    },
    toString: () => `${name} ${JSON.stringify(choice)}`,
  }));
}
