import { type Compilation, type Evaluate, refuse, siteOf } from './compilation.ts';
import { isForbiddenName } from './forbidden-name.ts';
import { fail, spendBytes, spendItems, spendScan, spendSteps } from './frame.ts';
import type { SyntaxNode } from './parse-expression.ts';
import type { Site } from './site.ts';
import { isBytes, kindOf, type Value } from './value.ts';

type Literal = Extract<SyntaxNode, { readonly op: 'value' }>;

/** Compiles a literal. Refuses unsigned integers, integers beyond 64 bits and bytes that are not ASCII in the source. */
export function compileLiteral(node: Literal, compilation: Compilation, negative = false): Evaluate {
  const value = literalValue(node, compilation, negative);
  return () => value;
}

function literalValue(node: Literal, compilation: Compilation, negative: boolean): Value {
  const value = node.args;
  if (typeof value === 'bigint') {
    const signed = negative ? -value : value;
    return BigInt.asIntN(64, signed) === signed ? signed : refuse(compilation, siteOf(node), 'the integer is beyond 64 bits');
  }
  if (typeof value === 'number') return negative ? -value : value;
  if (typeof value !== 'object' || value === null) return value;
  if (!isBytes(value)) return refuse(compilation, siteOf(node), 'unsigned integers are not part of the language; leave out the "u"');
  // The parser keeps one byte of each character, where CEL means the bytes of UTF-8.
  const ascii = !/[\u0080-\uffff]/.test(compilation.source.slice(node.start, node.end));
  return ascii ? value : refuse(compilation, siteOf(node), 'bytes are written in ASCII; write others as \\x…');
}

/** Compiles `[a, b]`. */
export function compileList(items: readonly SyntaxNode[], compilation: Compilation): Evaluate {
  const evaluates = items.map((item) => compilation.compile(item, compilation));
  return (frame) => {
    spendSteps(frame, 1);
    spendItems(frame, evaluates.length);
    return evaluates.map((evaluate) => evaluate(frame));
  };
}

interface Entry {
  readonly key: Evaluate;
  readonly value: Evaluate;
  readonly site: Site;
}

/** Compiles `{'a': b}` to an object without prototype. Names are strings, each once, and not those that lead to prototypes. */
export function compileMap(entries: readonly (readonly [SyntaxNode, SyntaxNode])[], compilation: Compilation): Evaluate {
  const compiled = entries.map(([key, value]) => compileEntry(key, value, compilation));
  return (frame) => {
    const map: Record<string, Value> = Object.create(null);
    for (const { key, value, site } of compiled) {
      spendSteps(frame, 1);
      const name = key(frame);
      const member = value(frame);
      frame.site = site;
      if (typeof name !== 'string') return fail(frame, `the names of a map are strings, not ${kindOf(name)}`);
      if (isForbiddenName(name)) return fail(frame, 'a map may not hold __proto__, constructor or prototype');
      if (name in map) return fail(frame, 'a map holds each name once');
      spendBytes(frame, 96);
      spendScan(frame, name.length);
      map[name] = member;
    }
    spendBytes(frame, 64);
    return map;
  };
}

function compileEntry(key: SyntaxNode, value: SyntaxNode, compilation: Compilation): Entry {
  if (key.op === 'value' && typeof key.args !== 'string') return refuse(compilation, siteOf(key), 'the names of a map are strings');
  return { key: compilation.compile(key, compilation), value: compilation.compile(value, compilation), site: siteOf(key) };
}
