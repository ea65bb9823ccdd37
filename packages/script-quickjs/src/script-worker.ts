import { parentPort, workerData } from 'node:worker_threads';
import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';
import { runInQuickjs } from './run-in-quickjs.ts';
import type { ScriptAnswer, ScriptJob, ScriptLimits, ThreadWord } from './worker-messages.ts';

// The engine asks its host where on earth it is; a script has to give the same everywhere. This is the thread's own Date, and nobody else's.
Object.defineProperty(Date.prototype, 'getTimezoneOffset', { value: () => 0 });

// Written by the pool that has started this thread.
const limits = workerData as ScriptLimits;
const module = await newQuickJSWASMModuleFromVariant(variant);

const say = (word: ThreadWord): void => parentPort?.postMessage(word);

parentPort?.on('message', (job: ScriptJob) => {
  let answer: ScriptAnswer;
  try {
    answer = runInQuickjs(module, job, limits);
  } catch {
    // The engine itself broke, and whatever is in its memory now must not meet another script.
    say({ answer: { ok: false, fault: 'crashed', message: 'What runs scripts broke. It was replaced.' }, isSpent: true });
    return;
  }
  say({ answer, isSpent: false });
});

say('ready');
