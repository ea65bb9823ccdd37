import type { EndpointRecord } from '../../contracts/webhook-records.ts';
import { type CompiledTemplate, compileTemplate } from '../../expression/compile-template.ts';
import { type CompiledCondition, compileCondition } from '../../rules/compile-condition.ts';
import { parseCondition } from '../../rules/parse-condition.ts';

/** What an endpoint wants of an event, ready to be asked. Pure: the same event gives the same answers. */
export interface CompiledEndpoint {
  /** `null`: every event of its types. */
  readonly condition: CompiledCondition | null;
  /** `null`: the event's own data. */
  readonly transform: CompiledTemplate | null;
  readonly payload: EndpointRecord['payload'];
}

/** Compiles condition and transformation. Throws `condition_invalid` and `template_invalid`. */
export function compileEndpoint({ when, transform, payload }: Pick<EndpointRecord, 'when' | 'transform' | 'payload'>): CompiledEndpoint {
  return {
    payload,
    condition: when === undefined ? null : compileCondition(parseCondition(when), { roots: ['event'] }),
    transform: transform === undefined ? null : compileTemplate(transform, { roots: ['event'] }),
  };
}
