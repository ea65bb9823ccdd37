import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, type QuickJSSyncVariant } from 'quickjs-emscripten-core';
import { expect, it } from 'vitest';
import { runInQuickjs } from './run-in-quickjs.ts';

// The package has the types of its CommonJS form alone.
const module = await newQuickJSWASMModuleFromVariant(variant as unknown as QuickJSSyncVariant);
const limits = { fuel: 5_000, memoryBytes: 16_777_216, stackBytes: 262_144, outputLength: 1_000 };
const run = (source: string, more: Partial<typeof limits> = {}) =>
  runInQuickjs(module, { kind: 'run', source, input: '1', time: 0, seed: '' }, { ...limits, ...more });

it('a script may work as much as its fuel lets it, and no more', () => {
  const work = 'let n = 0; for (let i = 0; i < 1e6; i += 1) n += i; return n';
  expect(run(work, { fuel: 20 })).toMatchObject({ answer: { ok: false, fault: 'fuel' } });
  expect(run(work)).toEqual({ answer: { ok: true, output: '499999500000' }, isSpent: false });
});

it('a script may use as much memory as it is given, and no more', () => {
  const work = "return 'x'.repeat(4e6).length + new ArrayBuffer(4e6).byteLength";
  expect(run(work, { memoryBytes: 2_097_152 })).toMatchObject({ answer: { ok: false, fault: 'memory' } });
  expect(run(work)).toMatchObject({ answer: { ok: true, output: '8000000' } });
});

it('a module that broke while a run was put away has answered, and is spent', async () => {
  const broken = await newQuickJSWASMModuleFromVariant(variant as unknown as QuickJSSyncVariant);
  const runtime = broken.newRuntime.bind(broken);
  broken.newRuntime = (options) => {
    const made = runtime(options);
    made.dispose = () => {
      throw new Error('aborted');
    };
    return made;
  };
  const job = { kind: 'run', source: 'return 7', input: '1', time: 0, seed: '' } as const;
  expect(runInQuickjs(broken, job, limits)).toEqual({ answer: { ok: true, output: '7' }, isSpent: true });
});
