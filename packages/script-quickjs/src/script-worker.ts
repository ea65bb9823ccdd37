import { parentPort, workerData } from 'node:worker_threads';
import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';
import { runInQuickjs } from './run-in-quickjs.ts';
import type { ScriptJob, ScriptLimits, ThreadWord } from './worker-messages.ts';

// The engine asks its host where on earth it is; a script has to give the same everywhere. This is the thread's own Date, and nobody else's.
Object.defineProperty(Date.prototype, 'getTimezoneOffset', { value: () => 0 });

// Written by the pool that has started this thread.
const limits = workerData as ScriptLimits;
const module = await newQuickJSWASMModuleFromVariant(variant);

const say = (word: ThreadWord): void => parentPort?.postMessage(word);

parentPort?.on('message', (job: ScriptJob) => {
  say(runInQuickjs(module, job, limits));
});

say('ready');
