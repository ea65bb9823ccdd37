import { type Compilation, type Evaluate, refuse, siteOf } from './compilation.ts';
import { compileHas, compilePath, failToRead, staticPathOf } from './compile-path.ts';
import { type Frame, fail, spendSteps } from './frame.ts';
import type { SyntaxNode } from './parse-expression.ts';
import { readItem, readMember } from './read-member.ts';
import { admit, isList, isMap, kindOf, type Value } from './value.ts';

/** Compiles a variable, `a.b` or `a[b]`. */
export function compileAccess(node: SyntaxNode, compilation: Compilation): Evaluate {
  const path = staticPathOf(node);
  if (path !== undefined) return compilePath(path, node, compilation);
  if (node.op === '.') return compileMember(node.args[0], node.args[1], compilation);
  if (node.op === '[]') return compileIndex(node.args, siteOf(node), compilation);
  return refuse(compilation, siteOf(node), 'this is not a value');
}

function compileMember(target: SyntaxNode, name: string, compilation: Compilation): Evaluate {
  const container = compilation.compile(target, compilation);
  const site = siteOf(target);
  return (frame) => {
    spendSteps(frame, 1);
    const value = container(frame);
    frame.site = site;
    const member = readMember(value, name);
    return member === undefined ? failToRead(frame, value, name) : admit(frame, member);
  };
}

function compileIndex(parts: readonly SyntaxNode[], site: { start: number; end: number }, compilation: Compilation): Evaluate {
  const [container, index] = parts.map((part) => compilation.compile(part, compilation));
  if (container === undefined || index === undefined) return refuse(compilation, site, 'an index needs a container and a place');
  return (frame) => {
    spendSteps(frame, 1);
    const value = container(frame);
    const place = index(frame);
    frame.site = site;
    return readAt(frame, value, place);
  };
}

// The place is computed, so that it may be data: no error names it.
function readAt(frame: Frame, container: Value, place: Value): Value {
  if (isList(container)) {
    const index =
      typeof place === 'bigint' || typeof place === 'number' ? Number(place) : fail(frame, `a list has no place ${kindOf(place)}`);
    const item = Number.isInteger(index) ? readItem(container, index) : fail(frame, 'the place in a list is not a whole number');
    return item === undefined ? fail(frame, 'there is no item at that place') : admit(frame, item);
  }
  if (!isMap(container)) return fail(frame, `cannot take an item of ${kindOf(container)}`);
  if (typeof place !== 'string') return fail(frame, `the names of a map are strings, not ${kindOf(place)}`);
  const member = readMember(container, place);
  return member === undefined ? fail(frame, 'there is no such member') : admit(frame, member);
}

/** Compiles `has(a.b)`; `has(a['b'])` is allowed too, for names that are no CEL identifiers. */
export function compileHasMacro(node: SyntaxNode, args: readonly SyntaxNode[], compilation: Compilation): Evaluate {
  const [argument] = args;
  if (args.length !== 1 || argument === undefined) return refuse(compilation, siteOf(node), 'has(…) takes one argument');
  const path = staticPathOf(argument);
  if (path !== undefined && path.segments.length > 0 && typeof path.segments.at(-1) === 'string') return compileHas(path, compilation);
  if (argument.op !== '.') return refuse(compilation, siteOf(argument), 'has(…) takes a member, as in has(event.data)');
  const [target, name] = argument.args;
  const container = compilation.compile(target, compilation);
  return (frame) => {
    spendSteps(frame, 1);
    return readMember(container(frame), name) !== undefined;
  };
}
