import { type AutomationDefinition, isControlStep } from './automation-definition.ts';
import { walkSteps } from './walk-steps.ts';

/** A type of event that an automation starts on or waits for. */
export interface AwaitedEvent {
  /** `trigger`, `steps.answer`. */
  readonly place: string;
  readonly event: string;
  /** Name or id of the connection that it comes through. */
  readonly connection: string | undefined;
}

/** Every type of event that an automation names, each with its place in the definition. */
export function awaitedEvents({ trigger, steps }: AutomationDefinition): readonly AwaitedEvent[] {
  const waits = [...walkSteps(steps)].flatMap((step): AwaitedEvent[] =>
    isControlStep(step) && step.action === 'flow.wait'
      ? [{ place: `steps.${step.id}`, event: step.event, connection: step.connection }]
      : [],
  );
  return 'event' in trigger ? [{ place: 'trigger', event: trigger.event, connection: trigger.connection }, ...waits] : waits;
}
