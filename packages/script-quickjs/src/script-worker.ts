import { parentPort, workerData } from 'node:worker_threads';
import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, type QuickJSSyncVariant } from 'quickjs-emscripten-core';
import { runInQuickjs } from './run-in-quickjs.ts';
import type { ScriptJob, ScriptLimits, ThreadWord } from './worker-messages.ts';

// The engine asks its host where on earth it is; a script has to give the same everywhere. This is the thread's own Date, and nobody else's.
Object.defineProperty(Date.prototype, 'getTimezoneOffset', { value: () => 0 });

// Written by the pool that has started this thread.
const limits = workerData as ScriptLimits;
// The package has the types of its CommonJS form alone.
const build = variant as unknown as QuickJSSyncVariant;
const module = await newQuickJSWASMModuleFromVariant(build);

const say = (word: ThreadWord): void => parentPort?.postMessage(word);

parentPort?.on('message', (job: ScriptJob) => {
  say(runInQuickjs(module, job, limits));
});

say('ready');
