import type { RegistrationRules } from '../contracts/webhook-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';
import type { Condition } from '../rules/condition.ts';
import { compileRules } from '../webhooks/inbound/registration-rules.ts';
import { notFound } from './not-found.ts';
import type { TenantScope } from './tenant-services.ts';

/** What becomes of the events of a registration. They are looked at in this order, as they came. */
export interface RegistrationRulesInput {
  /** Takes none in. @default false */
  readonly drop?: boolean;
  /** What it does not hold for is not taken in. It reads `event`. @default all are taken in */
  readonly filter?: Condition;
  /** Part of the deliveries that is taken in, 0 to 1; which, their ids decide, so that a repeat is decided alike. @default 1 */
  readonly sample?: number;
  /** JSON whose strings may hold `{{ CEL }}` over `event`: stored as the data in place of what came, which is kept beside it. @default what came */
  readonly transform?: Json;
  /** Names or ids of the automations that may start; others do not. Subscribers are called all the same. @default all */
  readonly automations?: readonly string[];
}

/** Most automations that a registration names. */
const mostAutomations = 100;

const members = new Set(['drop', 'filter', 'sample', 'transform', 'automations']);

/**
 * Rules as they are stored; `undefined` where they say nothing. Throws `invalid_argument`, `condition_invalid`, `template_invalid`, and
 * `not_found` for an automation that is none of the tenant's.
 */
export async function parseRules(scope: TenantScope, input: RegistrationRulesInput): Promise<RegistrationRules | undefined> {
  check(typeof input === 'object' && input !== null && !Array.isArray(input), 'rules are an object such as { sample: 0.1 }');
  const extra = Object.keys(input).find((name) => !members.has(name));
  check(extra === undefined, `rules have no ${extra?.slice(0, 50)}; they have ${[...members].join(', ')}`);
  const { drop = false, filter, sample = 1, transform, automations } = input;
  check(typeof drop === 'boolean', 'drop is true or false');
  check(typeof sample === 'number' && sample >= 0 && sample <= 1, 'sample is a number from 0 to 1');
  const isList = automations === undefined || (Array.isArray(automations) && automations.length <= mostAutomations);
  check(isList, `automations is a list of at most ${mostAutomations} names`);
  const rules: RegistrationRules = {
    ...(drop ? { drop } : {}),
    // A condition is JSON; what is none does not compile.
    ...(filter === undefined ? {} : { filter: jsonOf(filter) }),
    ...(sample === 1 ? {} : { sample }),
    ...(transform === undefined ? {} : { transform }),
    ...(automations === undefined ? {} : { automations: await idsOf(scope, automations) }),
  };
  compileRules(rules);
  return Object.keys(rules).length === 0 ? undefined : rules;
}

function jsonOf(value: unknown): Json {
  const text: string | undefined = JSON.stringify(value);
  check(text !== undefined, 'filter is a condition such as { field, op, value }');
  return JSON.parse(text ?? 'null');
}

async function idsOf({ tenant, storage }: TenantScope, references: readonly string[]): Promise<readonly string[]> {
  const { rows } = await storage.configuration.snapshot(tenant, ['automation']);
  return references.map((reference) => {
    const row = (rows.automation ?? []).find(({ id, name }) => id === reference || name === reference);
    if (!row) throw notFound('automation');
    return row.id;
  });
}

function check(holds: boolean, fault: string): void {
  if (!holds) throw new PatchbayError({ code: 'invalid_argument', message: `The rules of a registration are not valid: ${fault}.` });
}
