import type { ConnectorChoices } from '../contracts/configuration-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';

/** An action of a connector. */
export interface ActionPlace {
  readonly connector: string;
  readonly action: string;
}

/** Why an action must not be used, where the tenant has turned it off. */
export function turnedOffReason(choices: ConnectorChoices | undefined, { connector, action }: ActionPlace): string | undefined {
  if (!choices?.off.actions.includes(action)) return undefined;
  const name = `${connector}.${action}`;
  return `The tenant has turned ${name} off, so nothing was sent. Turn it on again: tenant.configuration.turnOn({ action: '${name}' }).`;
}

/** Throws `turned_off` where the tenant has turned the action off. */
export function requireTurnedOn(choices: ConnectorChoices | undefined, place: ActionPlace): void {
  const message = turnedOffReason(choices, place);
  if (message !== undefined) throw new PatchbayError({ code: 'turned_off', message, sent: 'no' });
}
