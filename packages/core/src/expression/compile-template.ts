import type { Json, JsonObject } from '../json/json.ts';
import type { Shapes } from './check-path.ts';
import { createCompileBudget } from './compile-budget.ts';
import { distinctPaths } from './compile-program.ts';
import { compileTemplateText, type TemplateBuilding, type TemplatePart, type TemplateRender } from './compile-template-text.ts';
import { type ExpressionLimits, resolveLimits } from './expression-limits.ts';
import { isForbiddenName } from './forbidden-name.ts';
import { addUse, createFrame, type Frame, type FuelUse } from './frame.ts';
import type { Path } from './path.ts';
import { isPlainObject } from './read-member.ts';
import { invalidTemplate } from './template-error.ts';

/** What compiling a template takes besides its value. */
export interface TemplateOptions {
  /** Variables that exist, for example `event` and `steps`. @default any */
  readonly roots?: readonly string[];
  /** What is known of the variables' data: what can never be there or never fit is refused. @default nothing, and nothing is */
  readonly shapes?: Shapes;
  /** Of each expression; steps and bytes are of one rendering together. @default those of compileExpression */
  readonly limits?: Partial<ExpressionLimits>;
}

/** A compiled template. */
export interface CompiledTemplate {
  /** Variables that its expressions read, as paths where those are known; each once, sorted. */
  readonly roots: readonly Path[];
  /** True where no string holds an expression: `render` then answers the same frozen value each time. */
  readonly isStatic: boolean;
  /**
   * Renders to data: what came out of an expression is never read as a template again. Parts without expressions are shared between
   * renderings and frozen. Throws `expression_failed` or `fuel_exhausted` with the place in the template; neither tells any data.
   * What it used, also where it fails, is added to `use`.
   */
  readonly render: (scope: Readonly<Record<string, unknown>>, use?: FuelUse) => Json;
}

// A step's input; a larger one is data that belongs into the event.
const mostValues = 10_000;

/**
 * Compiles a JSON value whose strings may hold `{{ CEL }}`. A string that is one `{{ … }}` keeps the type of its value, others become
 * text. Names of members are no templates. A literal `{{` is written `{{ '{{' }}`. Throws `template_invalid` with place and position.
 */
export function compileTemplate(value: Json, options: TemplateOptions = {}): CompiledTemplate {
  const limits = resolveLimits(options.limits);
  const building: TemplateBuilding = { options, limits, reads: [], budget: createCompileBudget(), values: mostValues };
  const part = compilePart(value, [], building);
  const roots = distinctPaths(building.reads);
  if ('fixed' in part) return { roots, isStatic: true, render: () => part.fixed };
  return { roots, isStatic: false, render: (scope, use) => renderCounted(part.render, { frame: createFrame(scope, limits), limits, use }) };
}

function renderCounted(
  render: TemplateRender,
  { frame, limits, use }: { readonly frame: Frame; readonly limits: ExpressionLimits; readonly use: FuelUse | undefined },
): Json {
  try {
    return render(frame);
  } finally {
    if (use !== undefined) addUse(use, frame, limits);
  }
}

function compilePart(value: unknown, path: Path, building: TemplateBuilding): TemplatePart {
  if (building.values-- === 0) throw invalidTemplate(path, `it has more than ${mostValues} values; make it smaller.`);
  if (path.length > building.limits.depth) throw invalidTemplate(path.slice(0, 8), 'it is nested too deeply; make it flatter.');
  if (typeof value === 'string') return compileTemplateText(value, path, building);
  if (value === null || typeof value === 'boolean') return { fixed: value };
  if (typeof value === 'number' && Number.isFinite(value)) return { fixed: value };
  if (Array.isArray(value)) return compileItems(value, path, building);
  if (isPlainObject(value)) return compileMembers(value, path, building);
  throw invalidTemplate(path, 'it is not JSON; use null, booleans, finite numbers, strings, lists and plain objects.');
}

function compileItems(items: readonly unknown[], path: Path, building: TemplateBuilding): TemplatePart {
  const parts = items.map((item, index) => compilePart(item, [...path, index], building));
  const fixed = parts.map((part) => ('fixed' in part ? part.fixed : null));
  if (parts.every((part) => 'fixed' in part)) return { fixed: Object.freeze(fixed) };
  return { render: (frame) => parts.map((part) => ('fixed' in part ? part.fixed : part.render(frame))) };
}

function compileMembers(members: Readonly<Record<string, unknown>>, path: Path, building: TemplateBuilding): TemplatePart {
  const names = Object.keys(members).filter((name) => members[name] !== undefined);
  const parts = names.map((name): [string, TemplatePart] => {
    if (isForbiddenName(name)) throw invalidTemplate(path, `the name ${name} is not allowed; rename the member.`);
    return [name, compilePart(members[name], [...path, name], building)];
  });
  const fixed: Record<string, Json> = {};
  for (const [name, part] of parts) fixed[name] = 'fixed' in part ? part.fixed : null;
  if (parts.every(([, part]) => 'fixed' in part)) return { fixed: Object.freeze(fixed) };
  const renders = parts.flatMap(([name, part]): [string, TemplateRender][] => ('fixed' in part ? [] : [[name, part.render]]));
  return { render: (frame) => renderMembers(frame, fixed, renders) };
}

// The copy starts from the fixed members, so that the order of names is the template's.
function renderMembers(frame: Frame, fixed: JsonObject, renders: readonly [string, TemplateRender][]): Json {
  const copy: Record<string, Json> = { ...fixed };
  for (const [name, render] of renders) copy[name] = render(frame);
  return copy;
}
