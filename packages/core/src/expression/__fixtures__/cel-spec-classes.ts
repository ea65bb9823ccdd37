import type { SpecTest } from './cel-spec.ts';

/** Files and sections of the test data that are about another part than the one claimed. */
const otherParts: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    /^(proto2|proto3|proto2_ext|enums|dynamic|wrappers)\/|^comparisons\/(eq|ne)_wrapper/,
    'messages and enums of protobuf, and their wrappers',
  ],
  [/^(math_ext|encoders_ext|bindings_ext|block_ext|network_ext|macros2)\//, 'other extension libraries'],
  [
    /^string_ext\/(char_at|index_of|last_index_of|substring|format|quote|reverse|format_errors|value_errors|type_errors)/,
    'other extension libraries',
  ],
  [/^optionals\//, 'optionals'],
  [/^(namespace|type_deduction|plumbing\/(check_inputs|eval_inputs))/, 'the type checker, containers and declarations'],
  [/^unknowns\//, 'unknown values'],
];

/** What a case's source or result shows it to be about. */
const otherForms: readonly (readonly [isOne: (test: SpecTest) => boolean, reason: string])[] = [
  [(each) => each.checkOnly === true || each.disableMacros === true, 'the type checker, containers and declarations'],
  [({ bindings = {} }) => Object.keys(bindings).some((name) => name.includes('.')), 'the type checker, containers and declarations'],
  [(each) => each.unknown !== undefined || each.anyUnknowns !== undefined || each.anyEvalErrors !== undefined, 'unknown values'],
  [(each) => (each.container ?? '') !== '' && /\b[A-Z]\w*\s*\{/.test(each.expr), 'messages and enums of protobuf, and their wrappers'],
  [
    ({ expr }) => /google\.(protobuf|api|type)|cel\.expr|TestAllTypes|NestedTestAllTypes|NullValue|\b[A-Z]\w+\{/.test(expr),
    'messages and enums of protobuf, and their wrappers',
  ],
  [({ expr }) => /\b\d[\da-fA-Fx]*[uU]\b|\buint\(/.test(expr), 'unsigned ints'],
  [(each) => /uint64Value/.test(JSON.stringify([each.value, each.bindings])), 'unsigned ints'],
  [({ expr }) => /\btype\(|\bnull_type\b/.test(expr), 'type(x)'],
  [(each) => /typeValue/.test(JSON.stringify([each.value, each.bindings])), 'type(x)'],
  [(each) => /"enumValue"/.test(JSON.stringify([each.value, each.bindings])), 'messages and enums of protobuf, and their wrappers'],
  [
    (each) =>
      /"@type":"(?!type\.googleapis\.com\/google\.protobuf\.(Timestamp|Duration)")/.test(JSON.stringify([each.value, each.bindings])),
    'messages and enums of protobuf, and their wrappers',
  ],
  [(each) => /"key":\{"(?!stringValue)/.test(JSON.stringify([each.value, each.bindings])), 'names of maps that are no strings'],
  [({ expr }) => /[{,]\s*(-?\d[\d.]*|true|false|null|b['"][^'"]*['"])\s*:/.test(expr), 'names of maps that are no strings'],
  [({ expr }) => /\.get\w+\(\s*['"]/.test(expr), 'time zones in getters'],
  [({ expr }) => /`/.test(expr.replace(/(["'])(?:\\.|(?!\1).)*\1/gs, '')), 'names in back quotes: a["x-y"] instead'],
  [({ expr }) => /\b[bB][rR]["']|\b[rR][bB]["']/.test(expr), 'raw bytes: br"…"'],
  [({ expr }) => /\b[bB]["'][^"']*[\u0080-\uffff]/.test(expr), 'bytes literals beyond ASCII'],
  [({ expr }) => /(^|[\s(])\.\d/.test(expr), 'a leading dot: 0.5 instead of .5'],
  [
    ({ expr }) => /\ba\.\w+\(\) \|\| true|f_unknown\(/.test(expr),
    'functions that do not exist: refused when it is saved, and no error of the evaluation',
  ],
  [({ expr }) => /\?\.|\[\?|\.\?|\boptional\./.test(expr), 'optionals'],
];

/** Why a case is not claimed; `undefined` for one that is. */
export function notClaimed(path: string, test: SpecTest): string | undefined {
  return differences.get(path) ?? otherParts.find(([pattern]) => pattern.test(path))?.[1] ?? otherForms.find(([isOne]) => isOne(test))?.[1];
}

/** Cases in which the language differs on purpose, as the guide says. */
export const differences: ReadonlyMap<string, string> = new Map([['fp_math/fp_math/mod_not_support', 'numbers of JSON: % takes doubles']]);
