import { type Compilation, type Evaluate, refuse, siteOf, withLocal } from './compilation.ts';
import { absorb } from './compile-logic.ts';
import type { Fault } from './fault.ts';
import { isForbiddenName } from './forbidden-name.ts';
import { type Frame, fail, spendItems, spendSteps } from './frame.ts';
import { memberNames } from './member-names.ts';
import type { SyntaxNode } from './parse-expression.ts';
import type { Site } from './site.ts';
import { admit, isList, isMap, kindOf, type Value } from './value.ts';

/** The parts of a macro over a list or a map's names. */
interface Loop {
  readonly range: Evaluate;
  readonly rangeSite: Site;
  readonly slot: number;
  readonly body: Evaluate;
  readonly bodySite: Site;
  /** The third argument of `map(x, filter, transform)`. */
  readonly transform: Evaluate | undefined;
}

type LoopRunner = (frame: Frame, loop: Loop) => Value;

const runners = new Map<string, LoopRunner>([
  ['all', (frame, loop) => runQuantifier(frame, loop, false)],
  ['exists', (frame, loop) => runQuantifier(frame, loop, true)],
  ['exists_one', runExistsOne],
  ['existsOne', runExistsOne],
  ['filter', runFilter],
  ['map', runMap],
]);

/** True for the name of a macro over lists and maps. */
export function isMacro(name: string): boolean {
  return runners.has(name);
}

/** Compiles `range.all(x, …)`, `exists`, `exists_one`, `filter`, `map(x, …)` and `map(x, filter, …)`. */
export function compileMacro(node: Extract<SyntaxNode, { readonly op: 'rcall' }>, compilation: Compilation): Evaluate {
  const [name, target, args] = node.args;
  const [variable, body, transform] = args;
  const run = runners.get(name);
  const arity = name === 'map' ? args.length === 2 || args.length === 3 : args.length === 2;
  if (run === undefined || variable?.op !== 'id' || body === undefined || !arity) {
    return refuse(compilation, siteOf(node), `${name} takes a variable and an expression, as in list.${name}(x, …)`);
  }
  if (isForbiddenName(variable.args)) return refuse(compilation, siteOf(variable), `the name ${variable.args} is not allowed`);
  const { inside, slot } = withLocal(compilation, variable.args);
  const loop: Loop = {
    range: compilation.compile(target, compilation),
    rangeSite: siteOf(target),
    slot,
    body: compilation.compile(body, inside),
    bodySite: siteOf(body),
    transform: transform === undefined ? undefined : compilation.compile(transform, inside),
  };
  return (frame) => run(frame, loop);
}

function itemsOf(frame: Frame, loop: Loop): readonly unknown[] {
  const range = loop.range(frame);
  spendSteps(frame, 1);
  frame.site = loop.rangeSite;
  if (isList(range)) return range;
  return isMap(range) ? memberNames(frame, range) : fail(frame, `a list or a map is needed, not ${kindOf(range)}`);
}

function enter(frame: Frame, loop: Loop, item: unknown): void {
  spendSteps(frame, 2);
  frame.site = loop.rangeSite;
  frame.locals[loop.slot] = admit(frame, item);
}

function testItem(frame: Frame, loop: Loop, item: unknown): boolean {
  enter(frame, loop, item);
  const verdict = loop.body(frame);
  if (typeof verdict === 'boolean') return verdict;
  frame.site = loop.bodySite;
  return fail(frame, `a bool is needed, not ${kindOf(verdict)}`);
}

function runQuantifier(frame: Frame, loop: Loop, decisive: boolean): boolean {
  let fault: Fault | undefined;
  for (const item of itemsOf(frame, loop)) {
    try {
      if (testItem(frame, loop, item) === decisive) return decisive;
    } catch (thrown) {
      fault = absorb(thrown, fault);
    }
  }
  if (fault !== undefined) throw fault;
  return !decisive;
}

function runExistsOne(frame: Frame, loop: Loop): boolean {
  let matches = 0;
  for (const item of itemsOf(frame, loop)) if (testItem(frame, loop, item)) matches++;
  return matches === 1;
}

function runFilter(frame: Frame, loop: Loop): Value {
  const kept: unknown[] = [];
  for (const item of itemsOf(frame, loop)) {
    if (!testItem(frame, loop, item)) continue;
    spendItems(frame, 1);
    kept.push(item);
  }
  return kept;
}

function runMap(frame: Frame, loop: Loop): Value {
  const mapped: unknown[] = [];
  const { transform } = loop;
  for (const item of itemsOf(frame, loop)) {
    if (transform !== undefined && !testItem(frame, loop, item)) continue;
    if (transform === undefined) enter(frame, loop, item);
    spendItems(frame, 1);
    mapped.push((transform ?? loop.body)(frame));
  }
  return mapped;
}
