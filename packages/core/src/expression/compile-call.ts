import type { CelFunction } from './cel-function.ts';
import { type Compilation, type Evaluate, refuse, siteOf } from './compilation.ts';
import { compileHasMacro } from './compile-access.ts';
import { compileMacro, isMacro } from './compile-macro.ts';
import { compilePattern } from './compile-pattern.ts';
import { conversionFunctions } from './conversion-functions.ts';
import { fail, spendSteps } from './frame.ts';
import type { SyntaxNode } from './parse-expression.ts';
import { sizeFunction } from './size-function.ts';
import { textFunctions } from './text-functions.ts';
import { timeFunctions } from './time-functions.ts';
import { kindOf } from './value.ts';

const functions = [sizeFunction, ...conversionFunctions, ...textFunctions, ...timeFunctions];
const globals = byName(functions.filter(({ style }) => style !== 'method'));
const methods = byName(functions.filter(({ style }) => style !== 'global'));

function byName(list: readonly CelFunction[]): ReadonlyMap<string, CelFunction> {
  return new Map(list.map((each) => [each.name, each]));
}

/** Compiles `name(…)`. */
export function compileGlobalCall(node: Extract<SyntaxNode, { readonly op: 'call' }>, compilation: Compilation): Evaluate {
  const [name, args] = node.args;
  if (name === 'has') return compileHasMacro(node, args, compilation);
  if (name === 'matches') return compileMatches(node, args, compilation);
  const called = globals.get(name);
  if (called === undefined) return refuse(compilation, siteOf(node), unknownFunction(name, methods.has(name) || isMacro(name)));
  return compileFunction({ called, args, node }, compilation);
}

/** Compiles `x.name(…)`, macros included. */
export function compileMethodCall(node: Extract<SyntaxNode, { readonly op: 'rcall' }>, compilation: Compilation): Evaluate {
  const [name, target, args] = node.args;
  if (isMacro(name)) return compileMacro(node, compilation);
  if (name === 'matches') return compileMatches(node, [target, ...args], compilation);
  const called = methods.get(name);
  if (called === undefined) return refuse(compilation, siteOf(node), unknownFunction(name, false));
  return compileFunction({ called, args: [target, ...args], node }, compilation);
}

function unknownFunction(name: string, isMethod: boolean): string {
  const shown = name.length > 40 ? `${name.slice(0, 40)}…` : name;
  return isMethod ? `"${shown}" is a method; write x.${shown}(…)` : `there is no function "${shown}"`;
}

interface Call {
  readonly called: CelFunction;
  readonly args: readonly SyntaxNode[];
  readonly node: SyntaxNode;
}

function compileFunction(call: Call, compilation: Compilation): Evaluate {
  const { called, args, node } = call;
  const [fewest, most] = called.arity;
  const site = siteOf(node);
  if (args.length < fewest || args.length > most) return refuse(compilation, site, `${called.name} takes ${describeArity(called)}`);
  const evaluates = args.map((argument) => compilation.compile(argument, compilation));
  const { run } = called;
  const [only] = evaluates;
  if (evaluates.length === 1 && only !== undefined) {
    return (frame) => {
      const values = [only(frame)];
      spendSteps(frame, 2);
      frame.site = site;
      return run(frame, values);
    };
  }
  return (frame) => {
    const values = evaluates.map((evaluate) => evaluate(frame));
    spendSteps(frame, 3);
    frame.site = site;
    return run(frame, values);
  };
}

function describeArity(called: CelFunction): string {
  const receiver = called.style === 'method' ? 1 : 0;
  const [fewest, most] = [called.arity[0] - receiver, called.arity[1] - receiver];
  const count = fewest === most ? `${fewest}` : `${fewest} to ${most}`;
  return `${count} argument${most === 1 ? '' : 's'}`;
}

// The pattern must stand in the source: what compiling one may cost is then known before any data is seen.
function compileMatches(node: SyntaxNode, args: readonly SyntaxNode[], compilation: Compilation): Evaluate {
  const [text, pattern] = args;
  const site = siteOf(node);
  if (args.length !== 2 || text === undefined || pattern === undefined)
    return refuse(compilation, site, 'matches takes a text and a pattern');
  if (pattern.op !== 'value' || typeof pattern.args !== 'string') {
    return refuse(compilation, siteOf(pattern), 'the pattern of matches is a string literal');
  }
  const compiled = compilePattern(pattern.args);
  if (typeof compiled === 'string') return refuse(compilation, siteOf(pattern), compiled);
  compilation.budget.patternWeight -= compiled.weight;
  if (compilation.budget.patternWeight < 0) return refuse(compilation, siteOf(pattern), 'the patterns together are too large');
  const subject = compilation.compile(text, compilation);
  return (frame) => {
    const value = subject(frame);
    frame.site = site;
    return typeof value === 'string' ? compiled.test(frame, value) : fail(frame, `matches needs a string, not ${kindOf(value)}`);
  };
}
