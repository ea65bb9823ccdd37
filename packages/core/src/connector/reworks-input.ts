import type { Schema } from './schema.ts';

/**
 * True for a schema that hands what it is given to a function before it looks at it (`z.preprocess`), and for one that cannot be looked into:
 * what its JSON Schema says of an input then need not hold.
 */
export function reworksInput(schema: Schema): boolean {
  if (schema['~standard'].vendor !== 'zod') return true;
  const seen = new Set<unknown>();
  const pending: unknown[] = [schema];
  while (pending.length > 0) {
    const part = pending.pop();
    const definition = definitionOf(part);
    if (definition === undefined || seen.has(part)) continue;
    seen.add(part);
    if (definition['type'] === 'pipe' && definitionOf(definition['in'])?.['type'] === 'transform') return true;
    pending.push(...partsOf(definition), memberOf(memberOf(part, '_zod'), 'innerType'));
  }
  return false;
}

/** The schemas that stand directly in a definition: of a wrapper, a list, a choice, or the members of an object. */
function partsOf(definition: Readonly<Record<string, unknown>>): readonly unknown[] {
  const { shape } = definition;
  const members = isRecord(shape) ? Object.values(shape) : [];
  return [...Object.values(definition).flat(), ...members];
}

function definitionOf(schema: unknown): Readonly<Record<string, unknown>> | undefined {
  const definition = memberOf(memberOf(schema, '_zod'), 'def');
  return isRecord(definition) ? definition : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
