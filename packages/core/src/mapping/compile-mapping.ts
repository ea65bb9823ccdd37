import { isPatchbayError } from '../errors/patchbay-error.ts';
import { type CompileBudget, createCompileBudget } from '../expression/compile-budget.ts';
import { compileProgram, type Program } from '../expression/compile-program.ts';
import { type Path, parsePath } from '../expression/path.ts';
import type { Json } from '../json/json.ts';
import { type ApplyTransform, applierOf } from './apply-transform.ts';
import { type CheckValue, compileCheck } from './compile-check.ts';
import { checkApart, compileTarget } from './compile-targets.ts';
import type { MappingDefinition, MappingField, MappingType } from './mapping-definition.ts';
import { invalidMapping } from './mapping-error.ts';

/** Where a field gets its value. */
export type FieldSource = { readonly path: Path } | { readonly program: Program } | { readonly value: Json };

/** A field, ready to be applied. */
export interface CompiledField {
  readonly field: MappingField;
  readonly path: readonly string[];
  readonly source: FieldSource;
  readonly sourceType: MappingType | undefined;
  readonly transforms: readonly ApplyTransform[];
  readonly check: CheckValue | null;
  readonly fields: readonly CompiledField[] | null;
}

/** A mapping, ready to be applied. Pure: the same source gives the same result. */
export interface CompiledMapping {
  readonly name: string;
  readonly version: number;
  readonly definition: MappingDefinition;
  readonly fields: readonly CompiledField[];
}

/** Compiles a mapping. Throws `mapping_invalid` naming the place of a path, formula or pattern that is none, and of fields that write over one another. */
export function compileMapping(input: Pick<CompiledMapping, 'name' | 'version' | 'definition'>): CompiledMapping {
  return { ...input, fields: compileFields(input.definition.fields, { place: '', roots: ['source'], budget: createCompileBudget() }) };
}

interface Compiling {
  readonly place: string;
  readonly roots: readonly string[];
  /** All formulas and patterns of one mapping are bounded together. */
  readonly budget: CompileBudget;
}

function compileFields(fields: readonly MappingField[], compiling: Compiling): readonly CompiledField[] {
  const compiled = fields.map((field, index) => compileField(field, { ...compiling, place: `${compiling.place}fields[${index}]` }));
  checkApart(compiled, compiling.place);
  return compiled;
}

function compileField(field: MappingField, compiling: Compiling): CompiledField {
  const { place } = compiling;
  const inside = { ...compiling, place: `${place}.`, roots: ['source', 'item'] };
  if (typeof field.reverse === 'string') formula(field.reverse, { ...compiling, place: `${place}.reverse` });
  return {
    field,
    path: compileTarget(field.to, place),
    source: sourceOf(field, compiling),
    sourceType: field.sourceType,
    transforms: (field.transforms ?? []).map(applierOf),
    check: field.check === undefined ? null : compileCheck(field.check, `${place}.check`),
    fields: field.fields === undefined ? null : compileFields(field.fields, inside),
  };
}

function sourceOf(field: MappingField, compiling: Compiling): FieldSource {
  if (field.cel !== undefined) return { program: formula(field.cel, { ...compiling, place: `${compiling.place}.cel` }) };
  if (field.from === undefined) return { value: field.value ?? null };
  const parsed = parsePath(field.from);
  if ('reason' in parsed) throw invalidMapping(`${compiling.place}.from`, `${parsed.reason}, at offset ${parsed.offset}.`);
  return { path: parsed.path };
}

function formula(source: string, { place, roots, budget }: Compiling): Program {
  try {
    return compileProgram(source, { roots, budget });
  } catch (cause) {
    if (!isPatchbayError(cause)) throw cause;
    throw invalidMapping(place, cause.message, cause);
  }
}
