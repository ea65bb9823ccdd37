import { isForbiddenName } from './forbidden-name.ts';

/** True for an object that holds data only: a literal, parsed JSON or one without prototype, of any realm. Not for class instances. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** An own member of a data object, or undefined where there is none. Forbidden names and inherited members read as absent. */
export function readMember(container: unknown, name: string): unknown {
  return isForbiddenName(name) ? undefined : readOwnMember(container, name);
}

/** {@link readMember} for a name that is known not to be forbidden. */
export function readOwnMember(container: unknown, name: string): unknown {
  return isPlainObject(container) && Object.hasOwn(container, name) ? container[name] : undefined;
}

/** An item of a list by its place, or undefined beyond its ends. */
export function readItem(container: unknown, index: number): unknown {
  return Array.isArray(container) && index >= 0 && index < container.length ? container[index] : undefined;
}
