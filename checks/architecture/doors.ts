import { modulesIn } from './module-graph.ts';
import { allNodes, isSyntaxNode, parseModule, type SyntaxNode } from './parse-module.ts';
import { isTestFile, type SourceTree } from './source-tree.ts';

/** Modules of Node that open nothing and load nothing. Any other is a door until somebody has looked at it. */
const harmless =
  /^(node:)?(assert|async_hooks|buffer|console|crypto|events|fs|fs\/promises|os|path|stream|string_decoder|timers|url|util|zlib)$/;

/** Packages that open no socket of their own, or are given ours. `sockets.ts` says which of them have one home. */
const known =
  /^(@patchbay\/[a-z0-9-]+|zod|semver|re2js|croner|cockatiel|p-retry|eventemitter3|bottleneck|lru-cache|marked|nodemailer|oauth4webapi|quickjs-emscripten-core|sax|ical\.js|@jitl\/quickjs-wasmfile-release-sync|@opentelemetry\/api|@marcbachmann\/cel-js)(\/|$)/;

/** Globals that open a socket or make code out of text, and the objects that everything else hangs on. */
const globals: ReadonlySet<string> = new Set([
  ...['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest', 'WebTransport', 'Worker', 'SharedWorker', 'BroadcastChannel'],
  ...['eval', 'Function', 'require', 'importScripts', 'globalThis', 'global', 'module'],
]);

/** Members that hand out what an import would. */
const members: ReadonlySet<string> = new Set(
  ['binding', '_linkedBinding', 'getBuiltinModule', 'dlopen', 'mainModule'].map((name) => `process.${name}`),
);

/** Where code that a host names is loaded, and where a package's manifest is looked for. */
const loaders: Readonly<Record<string, RegExp>> = {
  'packages/core/src/discover.ts': /^import\(\)$/,
  'packages/core/src/connector/discovery/locate-packages.ts': /^(node:)?module$/,
  // A program that a person runs: it starts the package manager, and asks on the terminal.
  'packages/create-connector/src/main.ts': /^(node:)?child_process$/,
  'packages/create-connector/src/ask-plan.ts': /^@clack\/prompts$/,
  // Threads that scripts are run in.
  'packages/script-quickjs/src/script-thread.ts': /^(node:)?worker_threads$/,
  'packages/script-quickjs/src/script-worker.ts': /^(node:)?worker_threads$/,
};

const net = /^packages\/core\/src\/net\//;

/** Shipped code that opens sockets or files by its trade, and packages that are not shipped. */
const own = /^packages\/(testing|core-tests|fault-tests|postgres-server|storage-[^/]+)\//;

/**
 * Ways to the network that do not go through `net`, other than the imports that `sockets.ts` knows: modules nobody has looked at, dynamic imports
 * of something computed, globals, and Node's back doors.
 */
export function findDoorFaults(tree: SourceTree): readonly string[] {
  const faults: string[] = [];
  for (const [path, mentions] of modulesIn(tree, 'packages')) {
    if (isTestFile(path) || own.test(path) || net.test(path) || !path.includes('/src/')) continue;
    const opened = mentions.filter(({ specifier, typeOnly }) => !typeOnly && isDoor(specifier)).map(({ specifier }) => specifier);
    const found = [...opened, ...doorsIn(parseModule(path, tree.get(path) ?? '').program)];
    for (const door of found) if (loaders[path]?.test(door) !== true) faults.push(`${path}: ${door} is a way around net`);
  }
  return faults;
}

const isDoor = (specifier: string): boolean => !specifier.startsWith('.') && !harmless.test(specifier) && !known.test(specifier);

const text = (node: unknown, field: string): string => (isSyntaxNode(node) && typeof node[field] === 'string' ? node[field] : '');

function doorsIn(program: SyntaxNode): readonly string[] {
  const own = boundNames(program);
  return [...allNodes(program)].flatMap(({ node, parent, field }) => {
    const name = doorAt(node, parent, field);
    return name === undefined || own.has(name) ? [] : [name];
  });
}

function doorAt(node: SyntaxNode, parent: SyntaxNode | undefined, field: string): string | undefined {
  if (node.type === 'ImportExpression') return text(node['source'], 'type') === 'Literal' ? undefined : 'import()';
  if (node.type === 'MemberExpression' && text(node['object'], 'name') === 'process') {
    const member = text(node['property'], 'name') || text(node['property'], 'value');
    const computed = node['computed'] === true && text(node['property'], 'type') !== 'Literal';
    return computed ? 'process[]' : members.has(`process.${member}`) ? `process.${member}` : undefined;
  }
  if (node.type === 'VariableDeclarator' && text(node['init'], 'name') === 'process') return 'process';
  const name = node.type === 'Identifier' ? text(node, 'name') : '';
  return globals.has(name) && isValue(parent, field) ? name : undefined;
}

/** A value that is read, as opposed to a name of a property, a type or a binding. */
function isValue(parent: SyntaxNode | undefined, field: string): boolean {
  if (parent === undefined || field === 'key' || field === 'typeName' || field === 'exprName' || parent.type.startsWith('TS')) return false;
  if (parent.type === 'MemberExpression' && field === 'property') return parent['computed'] === true;
  return !/^(Import|Export)\w*Specifier$/.test(parent.type);
}

/** Names that a file binds itself, as a parameter, a variable, a function or an import. */
function boundNames(program: SyntaxNode): ReadonlySet<string> {
  const bound = new Set<string>();
  for (const { node, parent, field } of allNodes(program)) {
    if (node.type !== 'Identifier' || parent === undefined) continue;
    const declared = field === 'id' && /^(VariableDeclarator|FunctionDeclaration|FunctionExpression|ClassDeclaration)$/.test(parent.type);
    if (declared || field === 'params' || field === 'local') bound.add(text(node, 'name'));
  }
  return bound;
}
