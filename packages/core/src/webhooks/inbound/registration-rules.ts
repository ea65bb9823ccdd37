import { createHash } from 'node:crypto';
import type { TenantConfiguration } from '../../configuration/tenant-configuration.ts';
import type { RegistrationRules } from '../../contracts/webhook-records.ts';
import type { HubEvent } from '../../event/hub-event.ts';
import { type CompiledTemplate, compileTemplate } from '../../expression/compile-template.ts';
import { renderInput } from '../../expression/render-input.ts';
import { type CompiledCondition, compileCondition } from '../../rules/compile-condition.ts';
import { parseCondition } from '../../rules/parse-condition.ts';

/** Why an event that a registration's rules keep out is not taken in, as it is counted. */
export type KeptOut = 'filtered' | 'dropped' | 'sampled';

/** Rules, ready to be asked. Pure: the same event gives the same answers. */
export interface CompiledRules {
  /** What they were compiled from, to be compared by identity. */
  readonly rules: RegistrationRules;
  /** Why an event is kept out; `undefined`: it is taken in. */
  keepsOut(event: HubEvent, deliveryId: string): KeptOut | undefined;
  /** The data that is stored in place of what came, as JSON text; `undefined`: what came. Throws `expression_failed` and `fuel_exhausted`. */
  transform(event: HubEvent): string | undefined;
}

const compiled = new WeakMap<RegistrationRules, CompiledRules>();

/** The rules of a registration; `undefined` where it has none. */
export function rulesOf(configuration: TenantConfiguration, registration: string): CompiledRules | undefined {
  const rules = configuration.registration(registration)?.value.rules;
  if (rules === undefined) return undefined;
  const known = compiled.get(rules) ?? compileRules(rules);
  compiled.set(rules, known);
  return known;
}

/** Compiles rules. Throws `condition_invalid` and `template_invalid` with the place. */
export function compileRules(rules: RegistrationRules): CompiledRules {
  const { filter, drop = false, sample = 1, transform } = rules;
  const condition: CompiledCondition | undefined =
    filter === undefined ? undefined : compileCondition(parseCondition(filter), { roots: ['event'] });
  const template: CompiledTemplate | undefined = transform === undefined ? undefined : compileTemplate(transform, { roots: ['event'] });
  return {
    rules,
    keepsOut(event, deliveryId) {
      if (drop) return 'dropped';
      if (condition && !condition.test({ event })) return 'filtered';
      return sample < 1 && chanceOf(deliveryId) >= sample ? 'sampled' : undefined;
    },
    transform: (event) => template && renderInput(template, { event }),
  };
}

/** A number from 0 to below 1 that a delivery has each time it comes, so that a repeat is decided as the first was. */
export function chanceOf(deliveryId: string): number {
  return createHash('sha256').update(deliveryId).digest().readUInt32BE(0) / 0x1_0000_0000;
}
