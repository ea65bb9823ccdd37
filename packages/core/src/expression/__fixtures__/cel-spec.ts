import { tests } from '@bufbuild/cel-spec/testdata/conformance.js';
import { z } from 'zod';

const testShape = z.looseObject({
  name: z.string(),
  expr: z.string(),
  container: z.string().optional(),
  bindings: z.record(z.string(), z.unknown()).optional(),
  value: z.record(z.string(), z.unknown()).optional(),
  typedResult: z.looseObject({ result: z.record(z.string(), z.unknown()).optional() }).optional(),
  evalError: z.unknown().optional(),
  anyEvalErrors: z.unknown().optional(),
  unknown: z.unknown().optional(),
  anyUnknowns: z.unknown().optional(),
  checkOnly: z.boolean().optional(),
  disableMacros: z.boolean().optional(),
  typeEnv: z.unknown().optional(),
});

/** A case of the public test data of CEL, as its text protocol says it. */
export type SpecTest = z.infer<typeof testShape>;

interface Suite {
  readonly name: string;
  readonly suites?: readonly Suite[] | undefined;
  readonly tests?: readonly { readonly original: unknown }[] | undefined;
}

const suiteShape: z.ZodType<Suite> = z.lazy(() =>
  z.looseObject({
    name: z.string(),
    suites: z.array(suiteShape).optional(),
    tests: z.array(z.looseObject({ original: z.unknown() })).optional(),
  }),
);

/** All cases of cel-spec v0.25.1, by `file/section/name`. */
export function specTests(): ReadonlyMap<string, SpecTest> {
  const found = new Map<string, SpecTest>();
  const walk = (suite: Suite, path: readonly string[]): void => {
    for (const inner of suite.suites ?? []) walk(inner, [...path, inner.name]);
    for (const { original } of suite.tests ?? []) {
      const test = testShape.safeParse(original);
      if (test.success) found.set([...path, test.data.name].join('/'), test.data);
    }
  };
  walk(suiteShape.parse(tests), []);
  return found;
}
