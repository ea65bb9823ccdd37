/** Published probes of sandboxes and template engines: an expression each, or what becomes one. */
const published: readonly string[] = [
  "({})['const'+'ructor']",
  "({})[{toString:()=>'constructor'}]",
  "Reflect.get({}, 'constructor')",
  "Object.getPrototypeOf(async()=>{}).constructor('return process')()",
  'new Proxy({}, {})',
  'Error.prepareStackTrace=(e,s)=>s',
  "(() => { try{null.x}catch(e){ return e.constructor.constructor('return process')() } })()",
  '(() => { const e=new Error;e.name=Symbol();return e.stack })()',
  "import('fs')",
  "require('child_process')",
  "process.mainModule.require('fs')",
  'global.process',
  "Function('return 1')()",
  '({}).a?.constructor?.constructor',
  "({}).a?.['constructor']",
  "'a'.repeat(1e9)",
  "'x'.padEnd(1e9)",
  '(f=>f(f))(f=>f(f))',
  "/^(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')",
  'JSON.parse(\'{"__proto__":{"x":1}}\')',
  "{{constructor.constructor('return process')()}}",
  ['`$', '{7*7}`'].join(''),
  '<%= 7*7 %>',
  '{{#with "s" as |string|}}{{/with}}',
  '{{__proto__}}',
  'globalThis["\\u0063onstructor"]',
  '1..constructor',
  "({}).__defineGetter__('x',()=>1)",
];

/** More ways out that engines and sandboxes were broken by. */
const known: readonly string[] = [
  "(0, eval)('this')",
  "new Function('return this')()",
  "[].filter.constructor('return globalThis')()",
  "(function*(){}).constructor('yield this')().next().value",
  "(async function*(){}).constructor('yield this')().next()",
  '(function(){ return this })()',
  "(() => {}).constructor('return arguments.callee.caller')()",
  "Reflect.construct(Function, ['return this'])()",
  "Reflect.apply(Function, null, ['return globalThis'])()",
  'Reflect.ownKeys(globalThis).map((name) => globalThis[name]).find((value) => value && value.mainModule)',
  "Object.getOwnPropertyDescriptor(Object.prototype, '__proto__').get.call(globalThis)",
  "Object.prototype.__lookupGetter__('__proto__').call(input)",
  'new Proxy(globalThis, { get: (target, name) => target[name] })',
  "new Error('x').stack.constructor.constructor('return process')()",
  "(() => { Error.prepareStackTrace = (_, frames) => frames; return new Error('x').stack[0]?.getThis?.() })()",
  '(() => { Error.stackTraceLimit = Infinity; const f = (n) => n ? f(n - 1) : new Error().stack; return f(50) })()',
  "new (class extends Array { static get [Symbol.species]() { return Function } })(3).map((x) => 'return process')",
  "({ toString() { return 'return process' } }) + ''",
  '({ [Symbol.toPrimitive]: () => globalThis })[Symbol.toPrimitive]()',
  '(() => { Promise.prototype.then = function (f) { f(globalThis) }; return Promise.resolve(1) })()',
  '({ then(resolve) { resolve(globalThis) } })',
  '(() => { JSON.stringify = () => globalThis; return {} })()',
  '(() => { Object.prototype.toJSON = function () { return Object.keys(globalThis) }; return {} })()',
  '(() => { Array.prototype[Symbol.iterator] = function* () { yield globalThis.process }; return [...[1]] })()',
  "(() => { Object.defineProperty(Object.prototype, 'error', { get: () => globalThis }); return 1 })()",
  '(() => { Function.prototype.call = () => globalThis; return Math.max.call(null, 1) })()',
  'Object.getOwnPropertyNames(import.meta)',
  "import('node:worker_threads').then((threads) => threads.parentPort)",
  "import('file:///etc/passwd')",
  "import('data:text/javascript,export default globalThis')",
  'new WebAssembly.Module(new Uint8Array(8))',
  'new SharedArrayBuffer(1 << 30)',
  'Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0)',
  "new Worker('data:,postMessage(1)')",
  "fetch('http://169.254.169.254/')",
  'new XMLHttpRequest()',
  "std.loadFile('/etc/passwd')",
  "os.exec(['id'])",
  'scriptArgs',
  "print('x')",
  "console.log.constructor('return process')()",
  'setTimeout(() => globalThis.process, 0)',
  "queueMicrotask.constructor('return process')()",
  'new FinalizationRegistry(() => globalThis.process)',
  'new WeakRef(globalThis).deref()',
  "Intl.DateTimeFormat.constructor('return process')()",
  "String.raw.constructor('return process')()",
  "''.at.constructor('return process')()",
  'new ArrayBuffer(1e12)',
  'new Uint8Array(2 ** 31)',
  "new Array(2 ** 32 - 1).fill('x')",
  'Array.from({ length: 1e9 }, (_, index) => index)',
  '2n ** 100000000n',
  "'x'.replace(/x/g, () => globalThis.process)",
  "new RegExp('('.repeat(10000) + ')'.repeat(10000))",
  "JSON.parse('['.repeat(100000))",
  'Date.prototype.constructor.now.constructor("return process")()',
  'Math.random.constructor("return process")()',
  "Symbol.for('patchbay.error').constructor.constructor('return process')()",
];

/** Names that a host has and a script must not. */
export const hostNames: readonly string[] = [
  ...['process', 'require', 'module', 'exports', 'global', 'Buffer', '__dirname', '__filename', 'parentPort', 'workerData'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'fetch', 'WebAssembly', 'Worker', 'XMLHttpRequest', 'navigator', 'performance'],
  ...['console', 'print', 'std', 'os', 'scriptArgs', 'bjs', 'Deno', 'Bun', 'Module', 'HEAP8', 'FS', 'Intl'],
];

/** Scripts that try to get out: each answers the host's names that it can see, from what the probe gave it and from where it stands. */
export const escapes: readonly { readonly probe: string; readonly source: string }[] = [...published, ...known].map((probe) => ({
  probe,
  source: `
const names = ${JSON.stringify(hostNames)};
const { getOwnPropertyNames, keys } = Object;
let found;
try { found = (${probe}); found = await found; } catch (error) { found = error; }
const places = [globalThis, found];
try { places.push(found.constructor.constructor('return this')()); } catch {}
try { places.push((0, eval)('this')); } catch {}
const seen = [];
for (const place of places) for (const name of names) { try { if (place !== null && typeof place === 'object' && typeof place[name] !== 'undefined') seen.push(name); } catch {} }
return seen;`,
}));
