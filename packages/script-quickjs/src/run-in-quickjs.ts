import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten-core';
import { describeFault, describeSyntax, overrun, scriptName } from './describe-fault.ts';
import { preludeFor } from './prelude.ts';
import type { ScriptAnswer, ScriptJob, ScriptLimits } from './worker-messages.ts';

/** Jobs of promises that one run may take, and those that are taken in one go. */
const jobs = { most: 100_000, atOnce: 100 };

/**
 * Answers one job in a runtime that is made for it and thrown away. Nothing of the host is put into it: text goes in and text comes out. `isSpent`: the
 * engine broke, if only while it was put away, and its module is not to be used again.
 */
export function runInQuickjs(
  module: QuickJSWASMModule,
  job: ScriptJob,
  limits: ScriptLimits,
): { readonly answer: ScriptAnswer; readonly isSpent: boolean } {
  let answer: ScriptAnswer = { ok: false, fault: 'crashed', message: 'What runs scripts broke. It was replaced.' };
  try {
    answerIn(module, { job, limits }, (given) => {
      answer = given;
    });
    return { answer, isSpent: false };
  } catch {
    // Whatever is in its memory now must not meet another script.
    return { answer, isSpent: true };
  }
}

function answerIn(
  module: QuickJSWASMModule,
  { job, limits }: { readonly job: ScriptJob; readonly limits: ScriptLimits },
  give: (answer: ScriptAnswer) => void,
): void {
  const runtime = module.newRuntime({ memoryLimitBytes: limits.memoryBytes, maxStackSizeBytes: limits.stackBytes });
  const context = runtime.newContext();
  try {
    new Sitting(runtime, context, limits).answer(job, give);
  } finally {
    context.dispose();
    runtime.dispose();
  }
}

class Sitting {
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #limits: ScriptLimits;
  #fuel: number;
  readonly #handles: QuickJSHandle[] = [];

  constructor(runtime: QuickJSRuntime, context: QuickJSContext, limits: ScriptLimits) {
    this.#runtime = runtime;
    this.#context = context;
    this.#limits = limits;
    this.#fuel = limits.fuel;
    runtime.setInterruptHandler(() => {
      this.#fuel -= 1;
      return this.#fuel <= 0;
    });
  }

  answer(job: ScriptJob, give: (answer: ScriptAnswer) => void): void {
    try {
      give(this.#answer(job));
    } finally {
      for (const handle of this.#handles.reverse()) if (handle.alive) handle.dispose();
    }
  }

  #answer(job: ScriptJob): ScriptAnswer {
    const given = job.kind === 'run' ? job : { time: 0, seed: '' };
    const tools = this.#keep(this.#context.unwrapResult(this.#context.evalCode(preludeFor(given), 'prelude.js')));
    const [parse, stringify, describe] = [0, 1, 2].map((index) => this.#keep(this.#context.getProp(tools, index)));
    if (!parse || !stringify || !describe) throw new Error('The prelude gave nothing.');
    const code = `(async function (input) { 'use strict';\n${job.source.toWellFormed()}\n})`;
    if (job.kind === 'check') return this.#check(code, { describe, source: job.source });
    const main = this.#context.evalCode(code, scriptName);
    if (main.error) return describeSyntax(this.#describe(describe, main.error), job.source);
    const input = this.#call(parse, [this.#keep(this.#context.newString(job.input))]);
    if ('error' in input) return this.#fault(describe, input.error);
    const promise = this.#call(this.#keep(main.value), [input.value]);
    if ('error' in promise) return this.#fault(describe, promise.error);
    return this.#settle(promise.value, { stringify, describe });
  }

  #check(code: string, { describe, source }: { readonly describe: QuickJSHandle; readonly source: string }): ScriptAnswer {
    const compiled = this.#context.evalCode(code, scriptName, { compileOnly: true });
    if (compiled.error) return describeSyntax(this.#describe(describe, compiled.error), source);
    this.#keep(compiled.value);
    return { ok: true, output: 'null' };
  }

  /** Takes the jobs of its promises until the script's own promise has settled. */
  #settle(promise: QuickJSHandle, tools: { readonly stringify: QuickJSHandle; readonly describe: QuickJSHandle }): ScriptAnswer {
    for (let taken = 0; ; taken += jobs.atOnce) {
      if (this.#fuel <= 0 || taken > jobs.most) return overrun('fuel');
      const state = this.#context.getPromiseState(promise);
      if (state.type === 'fulfilled') return this.#result(state.notAPromise ? promise : this.#keep(state.value), tools);
      if (state.type === 'rejected') return this.#fault(tools.describe, state.error);
      if (!this.#runtime.hasPendingJob())
        return { ok: false, fault: 'threw', message: 'The script waits for a promise that nothing will settle.' };
      const run = this.#runtime.executePendingJobs(jobs.atOnce);
      if (run.error) {
        const { error } = run;
        return this.#fault(tools.describe, error);
      }
    }
  }

  #result(
    value: QuickJSHandle,
    { stringify, describe }: { readonly stringify: QuickJSHandle; readonly describe: QuickJSHandle },
  ): ScriptAnswer {
    const text = this.#call(stringify, [value]);
    if ('error' in text) {
      const fault = this.#fault(describe, text.error);
      return !fault.ok && fault.fault === 'threw'
        ? { ...fault, fault: 'output', message: `The result is not JSON: ${fault.message}` }
        : fault;
    }
    if (this.#context.typeof(text.value) !== 'string') return { ok: true, output: 'null' };
    const length = this.#context.getNumber(this.#keep(this.#context.getProp(text.value, 'length')));
    const { outputLength } = this.#limits;
    if (length > outputLength)
      return { ok: false, fault: 'output', message: `The result is longer than ${outputLength} characters. Return less.` };
    return { ok: true, output: this.#context.getString(text.value) };
  }

  #call(what: QuickJSHandle, given: readonly QuickJSHandle[]): { readonly value: QuickJSHandle } | { readonly error: QuickJSHandle } {
    const result = this.#context.callFunction(what, this.#context.undefined, ...given);
    return result.error ? { error: result.error } : { value: this.#keep(result.value) };
  }

  #fault(describe: QuickJSHandle, error: QuickJSHandle): ScriptAnswer {
    if (this.#fuel <= 0) {
      this.#keep(error);
      return overrun('fuel');
    }
    // There was not even room for an error.
    if (this.#context.sameValue(error, this.#context.null)) return overrun('memory');
    const description = this.#describe(describe, error);
    return this.#fuel <= 0 ? overrun('fuel') : describeFault(description);
  }

  /** What the error says of itself, as the runtime's own code reads it. */
  #describe(describe: QuickJSHandle, error: QuickJSHandle): string {
    const said = this.#call(describe, [this.#keep(error)]);
    if ('value' in said) return this.#context.getString(said.value);
    this.#keep(said.error);
    return '["InternalError","out of memory",""]';
  }

  #keep(handle: QuickJSHandle): QuickJSHandle {
    this.#handles.push(handle);
    return handle;
  }
}
