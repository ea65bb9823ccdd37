import type { Json } from '../json/json.ts';
import type { CompileBudget } from './compile-budget.ts';
import { compileProgram, type Program, type ProgramOptions } from './compile-program.ts';
import type { ExpressionLimits } from './expression-limits.ts';
import type { Frame } from './frame.ts';
import type { Path } from './path.ts';
import { renderText } from './render-text.ts';
import { splitTemplate, type TemplatePiece } from './split-template.ts';
import { failedTemplate, invalidTemplate } from './template-error.ts';
import { toJson } from './to-json.ts';

/** Renders one value of a template. */
export type TemplateRender = (frame: Frame) => Json;

/** A value of a template: known already, or rendered each time. */
export type TemplatePart = { readonly fixed: Json } | { readonly render: TemplateRender };

/** The state of compiling one template. */
export interface TemplateBuilding {
  readonly options: ProgramOptions;
  readonly limits: ExpressionLimits;
  readonly reads: Path[];
  readonly budget: CompileBudget;
  /** Values that may still come. */
  values: number;
}

/** Compiles one string of a template. */
export function compileTemplateText(text: string, path: Path, building: TemplateBuilding): TemplatePart {
  const split = splitTemplate(text);
  if ('unclosed' in split) throw invalidTemplate(path, unclosed(split.unclosed));
  const { pieces } = split;
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) {
    return 'text' in only ? { fixed: text } : { render: compileSingle(compilePiece(only.expression, path, building), path) };
  }
  return { render: compileMixed(pieces, path, building) };
}

function unclosed(offset: number): string {
  return `the "{{" at character ${offset + 1} is not closed by "}}"; close it, or write a literal one as {{ '{{' }}.`;
}

function compilePiece(source: string, path: Path, building: TemplateBuilding): Program {
  try {
    const program = compileProgram(source, { ...building.options, budget: building.budget });
    building.reads.push(...program.reads);
    return program;
  } catch (error) {
    throw invalidTemplate(path, error instanceof Error ? error.message : 'the expression does not compile.', error);
  }
}

function compileSingle(program: Program, path: Path): TemplateRender {
  const site = { start: 0, end: program.source.length };
  return (frame) => {
    try {
      const value = program.run(frame);
      frame.site = site;
      return toJson(frame, value);
    } catch (thrown) {
      throw failedTemplate(path, program.source, thrown);
    }
  };
}

function compileMixed(pieces: readonly TemplatePiece[], path: Path, building: TemplateBuilding): TemplateRender {
  const renders = pieces.map((piece) => {
    if ('text' in piece) return () => piece.text;
    return compileEmbedded(compilePiece(piece.expression, path, building), path);
  });
  return (frame) => {
    let text = '';
    for (const render of renders) text += render(frame);
    return text;
  };
}

function compileEmbedded(program: Program, path: Path): (frame: Frame) => string {
  const site = { start: 0, end: program.source.length };
  return (frame) => {
    try {
      const value = program.run(frame);
      frame.site = site;
      return renderText(frame, value);
    } catch (thrown) {
      throw failedTemplate(path, program.source, thrown);
    }
  };
}
