/** What listens is no call, and what closes is none of a hub's. */
const passed: ReadonlySet<string> = new Set(['onWake', 'close']);

/** The same object with every call of a method, of it and of what it holds, made through `carryOut`. */
export function withEachCall<Target extends object>(
  target: Target,
  carryOut: (run: () => unknown, name: string) => Promise<unknown>,
): Target {
  return new Proxy(target, {
    get(of, name, receiver) {
      const member: unknown = Reflect.get(of, name, receiver);
      if (typeof member === 'object' && member !== null) return withEachCall(member, carryOut);
      if (typeof member !== 'function' || passed.has(String(name))) return member;
      return (...given: unknown[]) => carryOut(() => Reflect.apply(member, of, given), String(name));
    },
  });
}
