import { type Compilation, type Evaluate, refuse, siteOf } from './compilation.ts';
import { isForbiddenName } from './forbidden-name.ts';
import { type Frame, fail, spendSteps } from './frame.ts';
import { momentOf } from './moment-of.ts';
import type { SyntaxNode } from './parse-expression.ts';
import type { Path } from './path.ts';
import { isPlainObject, readItem, readMember, readOwnMember } from './read-member.ts';
import { admit, isList, kindOf } from './value.ts';

/** A variable and the members read from it by names and places that the source spells out. */
export interface StaticPath {
  readonly root: string;
  readonly rootNode: SyntaxNode;
  readonly segments: Path;
}

/** The node as a static path, or undefined where a part of it is computed. */
export function staticPathOf(node: SyntaxNode): StaticPath | undefined {
  const segments: (string | number)[] = [];
  let current = node;
  while (current.op === '.' || current.op === '[]') {
    const segment = current.op === '.' ? current.args[1] : literalSegment(current.args[1]);
    if (segment === undefined) return undefined;
    segments.unshift(segment);
    current = current.args[0];
  }
  return current.op === 'id' ? { root: current.args, rootNode: current, segments } : undefined;
}

function literalSegment(node: SyntaxNode): string | number | undefined {
  if (node.op !== 'value') return undefined;
  if (typeof node.args === 'string') return node.args;
  return typeof node.args === 'bigint' && node.args < 2_147_483_648n ? Number(node.args) : undefined;
}

/** Compiles a static path into one closure. Refuses a variable that does not exist. */
export function compilePath(path: StaticPath, node: SyntaxNode, compilation: Compilation): Evaluate {
  const base = compileRoot(path, compilation);
  const { segments } = path;
  if (segments.length === 0) return base;
  const site = siteOf(node);
  const readNamed = readerFor(segments);
  return (frame) => {
    spendSteps(frame, segments.length);
    let value: unknown = base(frame);
    for (const segment of segments) {
      const next = typeof segment === 'string' ? readNamed(value, segment) : readItem(value, segment);
      if (next === undefined) {
        frame.site = site;
        return failToRead(frame, value, segment);
      }
      value = next;
    }
    frame.site = site;
    return admit(frame, value);
  };
}

// Names are looked at once here, and not at each read.
function readerFor(segments: Path): (container: unknown, name: string) => unknown {
  return segments.some((segment) => typeof segment === 'string' && isForbiddenName(segment)) ? readMember : readOwnMember;
}

/** Says why a member or item could not be read. The segment comes from the source, so that it may be named. */
export function failToRead(frame: Frame, container: unknown, segment: string | number): never {
  const value = admit(frame, container);
  if (typeof segment === 'number')
    return fail(frame, isList(value) ? `there is no item ${segment}` : `cannot take an item of ${kindOf(value)}`);
  const name = segment.length > 40 ? `${segment.slice(0, 40)}…` : segment;
  return fail(frame, isPlainObject(value) ? `there is no member "${name}"` : `cannot read "${name}" of ${kindOf(value)}`);
}

/** Compiles `has(path)`: true where every member on the way is there. Absent or null on the way is false, not a fault. */
export function compileHas(path: StaticPath, compilation: Compilation): Evaluate {
  const root = compileRawRoot(path, compilation);
  const { segments } = path;
  return (frame) => {
    spendSteps(frame, segments.length);
    let value = root(frame);
    for (const segment of segments) {
      value = typeof segment === 'string' ? readMember(value, segment) : readItem(value, segment);
      if (value === undefined) return false;
    }
    return true;
  };
}

function compileRoot(path: StaticPath, compilation: Compilation): Evaluate {
  const { root } = path;
  const read = compileRawRoot(path, compilation);
  const site = siteOf(path.rootNode);
  const isClock = root === 'now' && !compilation.locals.has(root);
  if (isClock)
    return (frame) => {
      spendSteps(frame, 1);
      frame.site = site;
      return momentOf(frame);
    };
  return (frame) => {
    spendSteps(frame, 1);
    const value = read(frame);
    frame.site = site;
    return value === undefined ? fail(frame, 'the variable has no value here') : admit(frame, value);
  };
}

function compileRawRoot(path: StaticPath, compilation: Compilation): (frame: Frame) => unknown {
  const { root, segments } = path;
  const slot = compilation.locals.get(root);
  if (slot !== undefined) return (frame) => frame.locals[slot];
  if (isForbiddenName(root)) return refuse(compilation, siteOf(path.rootNode), `the name ${root} is not allowed`);
  if (compilation.roots !== undefined && !compilation.roots.has(root)) {
    return refuse(compilation, siteOf(path.rootNode), unknownVariable(root, compilation.roots));
  }
  compilation.reads.push([root, ...segments]);
  return (frame) => (Object.hasOwn(frame.scope, root) ? frame.scope[root] : undefined);
}

function unknownVariable(name: string, roots: ReadonlySet<string>): string {
  const known = [...roots].sort().join(', ');
  return `there is no variable "${name.slice(0, 40)}"; there ${roots.size === 1 ? 'is' : 'are'} ${known === '' ? 'none here' : known}`;
}
