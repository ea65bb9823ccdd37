/**
 * What every runtime begins with, as its own code: a clock that stands at the run's time, random numbers that come from its seed, and the functions that read
 * the input and write the result, taken before the script could change them. Evaluates to a list of those functions.
 */
export function preludeFor({ time, seed }: { readonly time: number; readonly seed: string }): string {
  return `(() => {
  'use strict';
  const { parse, stringify } = JSON;
  const { construct, defineProperty } = Reflect;
  const text = String;
  const cut = Function.prototype.call.bind(String.prototype.slice);
  const RealDate = Date;
  const now = ${Math.floor(time)};
  const RunDate = function Date(...parts) {
    return new.target === undefined ? new RealDate(now).toString() : construct(RealDate, parts.length === 0 ? [now] : parts, new.target);
  };
  for (const name of ['parse', 'UTC']) defineProperty(RunDate, name, { value: RealDate[name], writable: true, configurable: true });
  defineProperty(RunDate, 'now', { value: () => now, writable: true, configurable: true });
  defineProperty(RunDate, 'prototype', { value: RealDate.prototype });
  defineProperty(RunDate, 'length', { value: 7 });
  RealDate.prototype.constructor = RunDate;
  globalThis.Date = RunDate;
  let state = 2166136261;
  for (const character of ${JSON.stringify(seed)}) state = Math.imul(state ^ character.codePointAt(0), 16777619);
  Math.random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  delete globalThis.performance;
  const describe = (thrown) => {
    try {
      const isError = thrown instanceof Error;
      const name = isError ? cut(text(thrown.name), 0, 100) : '';
      const message = cut(text(isError ? thrown.message : thrown), 0, 300);
      return stringify([name, message, isError ? cut(text(thrown.stack), 0, 2000) : '']);
    } catch {
      return '["","something that cannot be described",""]';
    }
  };
  return [parse, stringify, describe];
})()`;
}
