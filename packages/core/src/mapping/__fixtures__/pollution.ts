/** Target paths that lead to a prototype, or are none. Each is refused when a mapping is read. */
export const refusedTargets: readonly string[] = [
  '__proto__.polluted',
  'constructor.prototype.polluted',
  'a.__proto__.polluted',
  'a.constructor.prototype.polluted',
  '["__proto__"].polluted',
  "a['__proto__']['polluted']",
  "['constructor']['prototype']['polluted']",
  'a.b.__proto__.__proto__.polluted',
  'toString.constructor.prototype.x',
  '0.__proto__.x',
  'items.4294967295',
  'items[0]',
  'a..b',
  '.',
  'a.',
  'a[0',
  'ａ.b',
];

/** Target paths whose names every object inherits: they are written as members of the result's own. */
export const inheritedTargets: readonly string[] = [
  '__lookupGetter__',
  'hasOwnProperty',
  'then',
  'toJSON',
  'toString.polluted',
  'valueOf.polluted',
  'hasOwnProperty.polluted',
  '__defineSetter__.polluted',
];

/** Bodies whose members carry names that lead to prototypes, or that every object inherits. */
export const hostileBodies: readonly string[] = [
  '[{"__proto__":{"polluted":true}}]',
  '{"__proto__":{"polluted":true}}',
  '{"a":{"__proto__":{"polluted":true}}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"amount":1,"\\u0061mount":1000}',
  '{"s":"\\ud800"}',
  '{"then":{"x":1}}',
  '{"toJSON":1}',
  '{"length":1e9}',
  '{"__proto__":null}',
  '{"hasOwnProperty":1}',
];
