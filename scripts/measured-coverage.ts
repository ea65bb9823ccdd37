import v8 from '@vitest/coverage-v8';

/**
 * Line coverage by V8, of the projects that test what packages ship. The others start programs of their own or read files, raise no floor,
 * and measuring them costs a third of their time.
 */
const unmeasured = /^(fault-tests|core-tests-isolated|storage-postgres-15|example-.*|benchmarks|architecture|docs|tasks|packaging)$/;

/** Name of the project whose tests this worker runs; undefined in the main process. */
function projectName(): unknown {
  const worker: unknown = Reflect.get(globalThis, '__vitest_worker__');
  const context: unknown = typeof worker === 'object' && worker !== null ? Reflect.get(worker, 'ctx') : undefined;
  return typeof context === 'object' && context !== null ? Reflect.get(context, 'projectName') : undefined;
}

const isMeasured = (): boolean => !unmeasured.test(String(projectName() ?? ''));

const measured: typeof v8 = {
  getProvider: () => v8.getProvider(),
  async startCoverage(options) {
    if (isMeasured()) await v8.startCoverage?.(options);
  },
  takeCoverage: async (options) => (isMeasured() ? v8.takeCoverage?.(options) : undefined),
  async stopCoverage(options) {
    if (isMeasured()) await v8.stopCoverage?.(options);
  },
};

// biome-ignore lint/style/noDefaultExport: a provider of coverage is found as one.
export default measured;
